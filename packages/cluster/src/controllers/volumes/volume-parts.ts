import type { ControllerContext, EventRecorder, Informer } from "../../loop/index.ts";
import type { Pod } from "../../model/pod.ts";
import type { PersistentVolume, StorageClass, VolumeClaim } from "./claim-object.ts";

export interface VolumeParts {
  readonly context: ControllerContext;
  readonly claims: Informer<VolumeClaim>;
  readonly volumes: Informer<PersistentVolume>;
  readonly classes: Informer<StorageClass>;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
}
