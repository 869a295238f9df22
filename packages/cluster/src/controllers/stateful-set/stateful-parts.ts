import type { KubeObject } from "../../object/kube-object.ts";
import type { ControllerContext, EventRecorder, Informer } from "../../loop/index.ts";
import type { Pod } from "../../model/pod.ts";
import type { ControllerRevision, StatefulSet } from "../../model/workload.ts";

export interface StatefulParts {
  readonly context: ControllerContext;
  readonly sets: Informer<StatefulSet>;
  readonly pods: Informer<Pod>;
  readonly claims: Informer<KubeObject>;
  readonly revisions: Informer<ControllerRevision>;
  readonly events: EventRecorder;
}

/** The template that pods have, and the one that they are to get; the same when nothing is being updated. */
export interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}
