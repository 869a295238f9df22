import { done, keyOf, requeueAfter, resources, splitKey, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Outcome } from "../../loop/index.ts";
import { controllerKeys, controllerOf } from "../../model/owner.ts";
import { availableIn, isAvailable, isReady, isTerminating, phaseOf } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesSelector } from "../../model/selector.ts";
import { sameStatus } from "../../model/status.ts";
import type { ControllerRevision, StatefulSet, StatefulSetStatus } from "../../model/workload.ts";
import { candidatesOf, claim } from "../pods/claim.ts";
import {
  createRevision,
  equalRevision,
  listRevisions,
  renumber,
  revisionData,
  revisionHash,
  trimRevisions,
} from "../revisions/revision-history.ts";
import type { HistoryParts } from "../revisions/revision-history.ts";
import { managePods } from "./stateful-pods.ts";
import type { Revisions, StatefulParts } from "./stateful-parts.ts";
import { ordinalOf, revisionLabel } from "./stateful-pod.ts";

export function statefulSetController(context: ControllerContext): Controller {
  const parts: StatefulParts = {
    context,
    sets: context.informers.of(resources.statefulSets),
    pods: context.informers.of(resources.pods),
    claims: context.informers.of(resources.persistentVolumeClaims),
    revisions: context.informers.of(resources.controllerRevisions),
    events: context.eventsOf("statefulset-controller"),
  };
  return {
    name: "statefulset-controller",
    watches: [
      watching(parts.sets, (set) => [keyOf(set)]),
      watching(parts.pods, (pod) => keysOfPod(parts, pod)),
      watching(parts.revisions, (revision) => controllerKeys(revision, "StatefulSet", "apps/")),
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

function keysOfPod({ sets }: StatefulParts, pod: Pod): string[] {
  if (controllerOf(pod) !== undefined) return controllerKeys(pod, "StatefulSet", "apps/");
  return sets
    .list(pod.metadata.namespace ?? "")
    .filter((set) => matchesSelector(set.spec.selector, pod.metadata.labels))
    .map(keyOf);
}

async function reconcile(parts: StatefulParts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const set = parts.sets.get(namespace, name);
  if (set === undefined) return done;
  const history: HistoryParts = {
    api: parts.context.api,
    revisions: parts.revisions,
    ownerResource: resources.statefulSets,
  };
  const revisions = await listRevisions(history, set);
  const pods = await claimPods(parts, set);
  const chosen = await chooseRevisions(history, set, revisions);
  if (chosen === undefined) return done;
  let failure: unknown;
  if (!isTerminating(set)) {
    try {
      await managePods(parts, set, pods, chosen);
    } catch (error) {
      failure = error;
    }
  }
  const now = parts.context.clock.now();
  const after = parts.pods.ownedBy(set.metadata.uid).filter((pod) => ordinalOf(set, pod) !== undefined);
  await writeStatus(parts, set, statusOf(set, after, chosen, now));
  if (failure !== undefined) return { kind: "failed", error: failure };
  const live = new Set([chosen.current, chosen.update].map((revision) => revision.metadata.name));
  for (const pod of after) live.add(pod.metadata.labels?.[revisionLabel]);
  await trimRevisions(history, set, revisions, (revision) => live.has(revision.metadata.name));
  return nextCheck(set, after, now);
}

function claimPods(parts: StatefulParts, set: StatefulSet): Promise<Pod[]> {
  const { context, pods } = parts;
  const matches = (pod: Pod) =>
    ordinalOf(set, pod) !== undefined && matchesSelector(set.spec.selector, pod.metadata.labels);
  const options = { api: context.api, informer: pods, owner: set, ownerResource: resources.statefulSets, matches };
  return claim(options, candidatesOf(pods, set));
}

/** Finds or makes the revision of the template, and the one that pods have. Undefined when a name was taken: it comes again. */
async function chooseRevisions(
  history: HistoryParts,
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
): Promise<Revisions | undefined> {
  const collisionCount = set.status?.collisionCount ?? 0;
  const data = revisionData(set.spec.template);
  const newest = revisions.at(-1);
  const number = (newest?.revision ?? 0) + 1;
  const equal = revisions.findLast((revision) => equalRevision(revision, data));
  let update: ControllerRevision | undefined;
  if (equal !== undefined) {
    update = equal === newest ? equal : await renumber(history, equal, number);
  } else {
    const hash = revisionHash(data, collisionCount);
    const labels = { ...set.spec.template.metadata?.labels, "controller.kubernetes.io/hash": hash };
    const name = `${set.metadata.name ?? ""}-${hash}`;
    update = await createRevision(history, set, { name, labels, data, revision: number });
  }
  if (update === undefined) {
    const status = { replicas: 0, ...set.status, collisionCount: collisionCount + 1 };
    await history.api.update<StatefulSet>(resources.statefulSets, { ...set, status }, "status");
    return undefined;
  }
  const current = revisions.find((revision) => revision.metadata.name === set.status?.currentRevision) ?? update;
  return { current, update, collisionCount };
}

function statusOf(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, now: number): StatefulSetStatus {
  const seconds = set.spec.minReadySeconds ?? 0;
  const ready = pods.filter((pod) => phaseOf(pod) === "Running" && isReady(pod));
  const at = (revision: ControllerRevision) =>
    pods.filter((pod) => !isTerminating(pod) && pod.metadata.labels?.[revisionLabel] === revision.metadata.name).length;
  const counts = { currentReplicas: at(revisions.current), updatedReplicas: at(revisions.update) };
  const wanted = set.spec.replicas ?? 1;
  const isRolledOut =
    set.spec.updateStrategy?.type !== "OnDelete" &&
    [counts.updatedReplicas, ready.length, pods.length].every((count) => count === wanted);
  const conditions = set.status?.conditions;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isAvailable(pod, seconds, now)).length,
    currentReplicas: isRolledOut ? counts.updatedReplicas : counts.currentReplicas,
    updatedReplicas: counts.updatedReplicas,
    currentRevision: (isRolledOut ? revisions.update : revisions.current).metadata.name ?? "",
    updateRevision: revisions.update.metadata.name ?? "",
    collisionCount: revisions.collisionCount,
    ...(conditions === undefined ? {} : { conditions }),
  };
}

async function writeStatus(parts: StatefulParts, set: StatefulSet, status: StatefulSetStatus): Promise<void> {
  const isComplete = set.status?.collisionCount !== undefined;
  if (isComplete && sameStatus(set.status, status)) return;
  await parts.context.api.update<StatefulSet>(resources.statefulSets, { ...set, status }, "status");
}

function nextCheck(set: StatefulSet, pods: readonly Pod[], now: number): Outcome {
  const waits = pods.map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, now) ?? 0).filter((ms) => ms > 0);
  return waits.length === 0 ? done : requeueAfter(Math.min(...waits) + 10);
}
