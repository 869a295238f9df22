import { toTimestamp } from "../../loop/index.ts";
import { findCondition, setCondition, withoutCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import type { Deployment, DeploymentStatus } from "../../model/workload.ts";
import {
  allSets,
  hasDeadline,
  isComplete,
  maxUnavailableOf,
  replicasOf,
  sum,
  wantedReplicas,
} from "./deployment-parts.ts";
import type { Rollout } from "./deployment-parts.ts";

/** What the replica sets add up to, and whether enough is available. */
export function countReplicas(rollout: Rollout, now: number): DeploymentStatus {
  const { deployment, newest } = rollout;
  const sets = allSets(rollout);
  const available = sum(sets, (set) => set.status?.availableReplicas ?? 0);
  const enough = available >= wantedReplicas(deployment) - maxUnavailableOf(deployment);
  const terminating = sets.map((set) => set.status?.terminatingReplicas);
  const conditions = setCondition(rollout.conditions, {
    type: "Available",
    status: enough ? "True" : "False",
    ...times(now),
    reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: `Deployment ${enough ? "has" : "does not have"} minimum availability.`,
  });
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum(sets, (set) => set.status?.replicas ?? 0),
    updatedReplicas: newest?.status?.replicas ?? 0,
    readyReplicas: sum(sets, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, replicasOf) - available),
    ...(terminating.includes(undefined) ? {} : { terminatingReplicas: sum(terminating, (count) => count ?? 0) }),
    ...(rollout.collisionCount === undefined ? {} : { collisionCount: rollout.collisionCount }),
    conditions,
  };
}

/** Tells how the rollout gets on: complete, progressing, or not for too long. */
export function judgeProgress(rollout: Rollout, counted: DeploymentStatus, now: number): DeploymentStatus {
  const { deployment } = rollout;
  const current = findCondition(rollout.conditions, "Progressing");
  let conditions = counted.conditions ?? [];
  if (!hasDeadline(deployment)) conditions = withoutCondition(conditions, "Progressing");
  const wasComplete = counted.replicas === counted.updatedReplicas && current?.reason === "NewReplicaSetAvailable";
  if (hasDeadline(deployment) && !wasComplete) conditions = progressConditions(rollout, counted, now);
  return { ...counted, conditions: withFailures(rollout, conditions) };
}

function progressConditions(rollout: Rollout, counted: DeploymentStatus, now: number): readonly Condition[] {
  const { deployment, newest } = rollout;
  const conditions = counted.conditions ?? [];
  const current = findCondition(rollout.conditions, "Progressing");
  const subject =
    newest === undefined
      ? `Deployment "${deployment.metadata.name ?? ""}"`
      : `ReplicaSet "${newest.metadata.name ?? ""}"`;
  const base = { type: "Progressing", ...times(now) };
  if (isComplete(deployment, counted)) {
    const message = `${subject} has successfully progressed.`;
    return setCondition(conditions, { ...base, status: "True", reason: "NewReplicaSetAvailable", message });
  }
  if (hasProgressed(deployment, counted)) {
    const condition = {
      ...base,
      status: "True",
      reason: "ReplicaSetUpdated",
      message: `${subject} is progressing.`,
    } as const;
    const since = current?.status === "True" ? (current.lastTransitionTime ?? null) : condition.lastTransitionTime;
    return [...withoutCondition(conditions, "Progressing"), { ...condition, lastTransitionTime: since }];
  }
  if (hasTimedOut(deployment, current, now)) {
    const message = `${subject} has timed out progressing.`;
    return setCondition(conditions, { ...base, status: "False", reason: "ProgressDeadlineExceeded", message });
  }
  return conditions;
}

function hasProgressed(deployment: Deployment, next: DeploymentStatus): boolean {
  const before = deployment.status ?? {};
  const oldBefore = (before.replicas ?? 0) - (before.updatedReplicas ?? 0);
  const oldNow = (next.replicas ?? 0) - (next.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldNow < oldBefore ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, condition: Condition | undefined, now: number): boolean {
  if (condition === undefined || condition.reason === "NewReplicaSetAvailable") return false;
  if (condition.reason === "ProgressDeadlineExceeded") return true;
  return deadlineOf(deployment, condition) < now;
}

function deadlineOf(deployment: Deployment, condition: Condition): number {
  return Date.parse(condition.lastUpdateTime ?? "") + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
}

/** Milliseconds until a rollout that doesn't move has failed. */
export function timeToDeadline(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const condition = findCondition(status.conditions, "Progressing");
  if (!hasDeadline(deployment) || condition === undefined || isComplete(deployment, status)) return undefined;
  if (condition.reason === "ProgressDeadlineExceeded" || condition.reason === "NewReplicaSetAvailable")
    return undefined;
  return Math.max(1_000, deadlineOf(deployment, condition) - now + 1_000);
}

/** The failure of a replica set is one of the deployment. */
function withFailures(rollout: Rollout, conditions: readonly Condition[]): readonly Condition[] {
  const sets = rollout.newest === undefined ? rollout.old : [rollout.newest, ...rollout.old];
  for (const set of sets) {
    const failure = findCondition(set.status?.conditions, "ReplicaFailure");
    if (failure === undefined) continue;
    return setCondition(conditions, { ...failure, lastUpdateTime: failure.lastTransitionTime ?? null });
  }
  return withoutCondition(conditions, "ReplicaFailure");
}

/** So that a deployment that was paused is not blamed for the time when it goes on. */
export function pauseConditions(deployment: Deployment, now: number): readonly Condition[] {
  const conditions = deployment.status?.conditions ?? [];
  const current = findCondition(conditions, "Progressing");
  if (!hasDeadline(deployment) || current?.reason === "ProgressDeadlineExceeded") return conditions;
  const wasPaused = current?.reason === "DeploymentPaused";
  const isPaused = deployment.spec.paused === true;
  if (isPaused === wasPaused) return conditions;
  return setCondition(conditions, {
    type: "Progressing",
    status: "Unknown",
    ...times(now),
    reason: isPaused ? "DeploymentPaused" : "DeploymentResumed",
    message: isPaused ? "Deployment is paused" : "Deployment is resumed",
  });
}

function times(now: number): { lastUpdateTime: string; lastTransitionTime: string } {
  return { lastUpdateTime: toTimestamp(now), lastTransitionTime: toTimestamp(now) };
}
