import type { ControllerContext, EventRecorder, Informer } from "../../loop/index.ts";
import { scaledValue } from "../../model/int-or-percent.ts";
import type { Pod } from "../../model/pod.ts";
import type { Deployment, DeploymentStatus, ReplicaSet } from "../../model/workload.ts";

export interface DeploymentParts {
  readonly context: ControllerContext;
  readonly deployments: Informer<Deployment>;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
}

/** One look at a deployment. Status and annotations are collected here and written once, at the end. */
export interface Rollout {
  readonly deployment: Deployment;
  /** All replica sets but the newest. */
  old: ReplicaSet[];
  /** The one whose template is the deployment's. */
  newest: ReplicaSet | undefined;
  conditions: NonNullable<DeploymentStatus["conditions"]>;
  collisionCount: number | undefined;
  revision: string | undefined;
}

export function allSets(rollout: Rollout): ReplicaSet[] {
  return rollout.newest === undefined ? rollout.old : [...rollout.old, rollout.newest];
}

export function wantedReplicas(deployment: Deployment): number {
  return deployment.spec.replicas ?? 1;
}

export function replicasOf(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

export function isActiveSet(set: ReplicaSet): boolean {
  return replicasOf(set) > 0;
}

export function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}

export function isRolling(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== "Recreate";
}

/** How many pods may be missing, and how many too many there may be; never both none. */
export function roomOf(deployment: Deployment): { surge: number; unavailable: number } {
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 };
  const wanted = wantedReplicas(deployment);
  const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, wanted, "up") ?? 0;
  const unavailable = scaledValue(maxUnavailable, wanted, "down") ?? 0;
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** As Kubernetes reckons it: a deployment of none can't miss any, and one can't miss more than it has. */
export function maxUnavailableOf(deployment: Deployment): number {
  return Math.min(roomOf(deployment).unavailable, wantedReplicas(deployment));
}

export function hasDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== 2_147_483_647;
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}
