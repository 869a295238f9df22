import { equalJson } from "../../object/json-value.ts";
import { resources, unless } from "../../loop/index.ts";
import { byAge } from "../../model/owner.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Deployment, ReplicaSet } from "../../model/workload.ts";
import { desiredAnnotation, maxAnnotation, numberIn, revisionOf, sizeAnnotations } from "./annotations.ts";
import { allSets, isActiveSet, isRolling, replicasOf, roomOf, sum, wantedReplicas } from "./deployment-parts.ts";
import type { DeploymentParts, Rollout } from "./deployment-parts.ts";

/** Whether the number of replicas was changed since the replica sets were last sized. */
export function wasScaled(rollout: Rollout): boolean {
  const wanted = wantedReplicas(rollout.deployment);
  return allSets(rollout)
    .filter(isActiveSet)
    .some((set) => (numberIn(set, desiredAnnotation) ?? wanted) !== wanted);
}

/** Gives a replica set its size and says so; answers whether that changed anything. */
export async function resize(
  parts: DeploymentParts,
  rollout: Rollout,
  set: ReplicaSet,
  replicas: number,
): Promise<boolean> {
  const before = replicasOf(set);
  const annotations = { ...set.metadata.annotations, ...sizeAnnotations(rollout.deployment) };
  if (before === replicas && equalJson(annotations, set.metadata.annotations)) return false;
  const updated = await parts.context.api.update<ReplicaSet>(resources.replicaSets, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas },
  });
  if (rollout.newest === set) rollout.newest = updated;
  rollout.old = rollout.old.map((other) => (other === set ? updated : other));
  if (before === replicas) return false;
  const direction = before < replicas ? "up" : "down";
  const message = `Scaled ${direction} replica set ${set.metadata.name ?? ""} from ${before} to ${replicas}`;
  parts.events.normal(rollout.deployment, "ScalingReplicaSet", message);
  return true;
}

export async function resizeWhenDifferent(
  parts: DeploymentParts,
  rollout: Rollout,
  set: ReplicaSet,
  replicas: number,
): Promise<boolean> {
  return replicasOf(set) === replicas ? false : resize(parts, rollout, set, replicas);
}

/** Follows a new number of replicas, in proportion while several replica sets have pods. */
export async function scale(parts: DeploymentParts, rollout: Rollout): Promise<void> {
  const { deployment, newest } = rollout;
  const only = onlyActiveOrLatest(rollout);
  if (only !== undefined) {
    await resizeWhenDifferent(parts, rollout, only, wantedReplicas(deployment));
  } else if (newest !== undefined && isSaturated(deployment, newest)) {
    for (const set of rollout.old.filter(isActiveSet)) await resizeWhenDifferent(parts, rollout, set, 0);
  } else if (isRolling(deployment)) {
    for (const [set, replicas] of proportionalSizes(rollout)) await resize(parts, rollout, set, replicas);
  }
}

function onlyActiveOrLatest(rollout: Rollout): ReplicaSet | undefined {
  const active = allSets(rollout).filter(isActiveSet);
  if (active.length > 1) return undefined;
  return active[0] ?? rollout.newest ?? [...rollout.old].sort(byAge).at(-1);
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    replicasOf(set) === wanted &&
    numberIn(set, desiredAnnotation) === wanted &&
    (set.status?.availableReplicas ?? 0) === wanted
  );
}

function proportionalSizes(rollout: Rollout): Map<ReplicaSet, number> {
  const { deployment } = rollout;
  const wanted = wantedReplicas(deployment);
  const active = allSets(rollout).filter(isActiveSet);
  const allowed = wanted > 0 ? wanted + roomOf(deployment).surge : 0;
  const missing = allowed - sum(active, replicasOf);
  // The larger first; of equal ones the newer grows first and the older shrinks first.
  const sorted = active.sort(
    (left, right) => replicasOf(right) - replicasOf(left) || (missing > 0 ? byAge(right, left) : byAge(left, right)),
  );
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const set of sorted) {
    const share = missing === 0 ? 0 : proportionOf(deployment, set, missing, added);
    sizes.set(set, replicasOf(set) + share);
    added += share;
  }
  const [first] = sorted;
  if (first !== undefined) sizes.set(first, Math.max(0, (sizes.get(first) ?? 0) + missing - added));
  return sizes;
}

function proportionOf(deployment: Deployment, set: ReplicaSet, missing: number, added: number): number {
  const left = missing - added;
  if (left === 0) return 0;
  const fraction = fractionOf(deployment, set);
  return missing > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const wanted = wantedReplicas(deployment);
  const size = replicasOf(set);
  if (wanted === 0) return -size;
  const maxBefore = numberIn(set, maxAnnotation) || (deployment.status?.replicas ?? 0);
  if (maxBefore === 0) return 0;
  return Math.round((size * (wanted + roomOf(deployment).surge)) / maxBefore) - size;
}

/** Deletes the oldest replica sets without pods when there are more than the history keeps. */
export async function trimHistory(parts: DeploymentParts, rollout: Rollout): Promise<void> {
  const limit = rollout.deployment.spec.revisionHistoryLimit;
  if (limit === undefined || limit === 2_147_483_647) return;
  const alive = rollout.old.filter((set) => !isTerminating(set));
  const excess = alive.length - limit;
  if (excess <= 0) return;
  const oldest = alive
    .sort((left, right) => Number(revisionOf(left) - revisionOf(right)) || byAge(left, right))
    .slice(0, excess);
  for (const set of oldest) {
    const isSettled = (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
    if ((set.status?.replicas ?? 0) !== 0 || replicasOf(set) !== 0 || !isSettled) continue;
    await unless(["not-found"], parts.context.api.delete(resources.replicaSets, set));
  }
}
