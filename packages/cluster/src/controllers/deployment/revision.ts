import { equalJson } from "../../object/json-value.ts";
import { hasCode, messageOf, resources, toTimestamp } from "../../loop/index.ts";
import { findCondition, setCondition } from "../../model/condition.ts";
import { templateHash } from "../../model/template-hash.ts";
import { byAge, controllerReference, isControlledBy } from "../../model/owner.ts";
import type { PodTemplate } from "../../model/pod.ts";
import type { Deployment, ReplicaSet } from "../../model/workload.ts";
import { annotationsFor, revisionOf, revisionAnnotation } from "./annotations.ts";
import { hasDeadline, isRolling, replicasOf, roomOf, sum, wantedReplicas } from "./deployment-parts.ts";
import type { DeploymentParts, Rollout } from "./deployment-parts.ts";

const hashLabel = "pod-template-hash";
const nameMax = 253;

/** Sorts the replica sets of a deployment into the one that it wants now and those of the past. */
export function findSets(deployment: Deployment, sets: readonly ReplicaSet[]): Pick<Rollout, "newest" | "old"> {
  const sorted = [...sets].sort(byAge);
  const newest = sorted.find((set) => equalIgnoringHash(set.spec.template, deployment.spec.template));
  return { newest, old: sorted.filter((set) => set !== newest) };
}

/**
 * Brings the number of the revision onto the newest replica set and into the rollout: one more than all the older ones have. An older one
 * that is wanted again gets the new number and remembers its old.
 */
export async function numberNewest(parts: DeploymentParts, rollout: Rollout): Promise<void> {
  const { deployment, newest } = rollout;
  if (newest === undefined) return;
  const number = nextRevision(rollout);
  const annotations = annotationsFor(deployment, newest, number);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  if (
    !equalJson(annotations, newest.metadata.annotations ?? {}) ||
    (newest.spec.minReadySeconds ?? 0) !== minReadySeconds
  ) {
    rollout.newest = await parts.context.api.update<ReplicaSet>(resources.replicaSets, {
      ...newest,
      metadata: { ...newest.metadata, annotations },
      spec: { ...newest.spec, minReadySeconds },
    });
  }
  rollout.revision = annotations[revisionAnnotation];
  if (hasDeadline(deployment) && findCondition(rollout.conditions, "Progressing") === undefined) {
    tellProgress(parts, rollout, "FoundNewReplicaSet", `Found new replica set "${newest.metadata.name ?? ""}"`);
  }
}

/** Makes the replica set of the deployment's template when there is none. */
export async function createNewest(parts: DeploymentParts, rollout: Rollout): Promise<void> {
  if (rollout.newest !== undefined) return;
  const { deployment } = rollout;
  const number = nextRevision(rollout);
  const set = newReplicaSet(rollout, number);
  const name = set.metadata.name;
  try {
    rollout.newest = await parts.context.api.create<ReplicaSet>(resources.replicaSets, set);
    if (set.spec.replicas > 0) {
      parts.events.normal(
        deployment,
        "ScalingReplicaSet",
        `Scaled up replica set ${name} from 0 to ${set.spec.replicas}`,
      );
    }
    if (hasDeadline(deployment)) {
      tellProgress(parts, rollout, "NewReplicaSetCreated", `Created new replica set "${name}"`);
    }
  } catch (error) {
    if (hasCode(error, "already-exists")) await meetNamesake(parts, rollout, name);
    else reportFailure(parts, rollout, name, error);
    if (rollout.newest === undefined) throw error;
  }
  rollout.revision = String(number);
}

function newReplicaSet(rollout: Rollout, revision: bigint) {
  const { deployment } = rollout;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, rollout.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const replicas = firstReplicas(rollout);
  const { namespace } = deployment.metadata;
  const annotations = annotationsFor(deployment, undefined, revision);
  return {
    metadata: {
      name: `${(deployment.metadata.name ?? "").slice(0, nameMax - hash.length - 1)}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations,
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function firstReplicas(rollout: Rollout): number {
  const { deployment, old } = rollout;
  const wanted = wantedReplicas(deployment);
  if (!isRolling(deployment)) return wanted;
  return Math.max(0, Math.min(wanted, wanted + surgeOf(deployment) - sum(old, replicasOf)));
}

function surgeOf(deployment: Deployment): number {
  return roomOf(deployment).surge;
}

/** Somebody has the name already: it is ours, made by a look whose answer we missed, or the hashes collide and the next one differs. */
async function meetNamesake(parts: DeploymentParts, rollout: Rollout, name: string): Promise<void> {
  const { deployment } = rollout;
  const { namespace = "" } = deployment.metadata;
  const namesake = await parts.context.api.get<ReplicaSet>(resources.replicaSets, namespace, name);
  if (
    namesake !== undefined &&
    isControlledBy(namesake, deployment) &&
    equalIgnoringHash(namesake.spec.template, deployment.spec.template)
  ) {
    rollout.newest = namesake;
    return;
  }
  const collisionCount = (rollout.collisionCount ?? 0) + 1;
  await parts.context.api.update<Deployment>(
    resources.deployments,
    { ...deployment, status: { ...deployment.status, collisionCount } },
    "status",
  );
}

function reportFailure(parts: DeploymentParts, rollout: Rollout, name: string, error: unknown): void {
  if (hasCode(error, "namespace-terminating")) return;
  const message = `Failed to create new replica set "${name}": ${messageOf(error)}`;
  parts.events.warning(rollout.deployment, "ReplicaSetCreateError", message);
}

function tellProgress(parts: DeploymentParts, rollout: Rollout, reason: string, message: string): void {
  const now = toTimestamp(parts.context.clock.now());
  rollout.conditions = setCondition(rollout.conditions, {
    type: "Progressing",
    status: "True",
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
}

function nextRevision(rollout: Rollout): bigint {
  return rollout.old.map(revisionOf).reduce((most, each) => (each > most ? each : most), 0n) + 1n;
}

function equalIgnoringHash(left: PodTemplate, right: PodTemplate): boolean {
  return equalJson(withoutHash(left), withoutHash(right));
}

function withoutHash(template: PodTemplate): unknown {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const { creationTimestamp: _time, annotations = {}, ...metadata } = template.metadata ?? {};
  return { spec: template.spec, metadata: { ...metadata, annotations, labels } };
}
