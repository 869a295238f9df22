import { done, keyOf, requeueAfter, resources, splitKey, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Outcome } from "../../loop/index.ts";
import { controllerKeys, controllerOf } from "../../model/owner.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesSelector } from "../../model/selector.ts";
import { sameStatus } from "../../model/status.ts";
import type { Deployment, DeploymentStatus, ReplicaSet } from "../../model/workload.ts";
import { candidatesOf, claim } from "../pods/claim.ts";
import { revisionAnnotation } from "./annotations.ts";
import { isRolling } from "./deployment-parts.ts";
import type { DeploymentParts, Rollout } from "./deployment-parts.ts";
import { recreate } from "./recreate.ts";
import { findSets, numberNewest } from "./revision.ts";
import { rollForward } from "./rolling.ts";
import { countReplicas, judgeProgress, pauseConditions, timeToDeadline } from "./rollout-status.ts";
import { scale, trimHistory, wasScaled } from "./scaling.ts";

export function deploymentController(context: ControllerContext): Controller {
  const parts: DeploymentParts = {
    context,
    deployments: context.informers.of(resources.deployments),
    replicaSets: context.informers.of(resources.replicaSets),
    pods: context.informers.of<Pod>(resources.pods),
    events: context.eventsOf("deployment-controller"),
  };
  return {
    name: "deployment-controller",
    watches: [
      watching(parts.deployments, (deployment) => [keyOf(deployment)]),
      watching(parts.replicaSets, (set) => keysOfSet(parts, set)),
      {
        // Only what has gone matters: a deployment that recreates waits for it.
        subscribe: (add) =>
          parts.pods.onChange((change) => {
            if (change.type === "deleted") for (const key of keysOfPod(parts, change.object)) add(key);
          }),
      },
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

function keysOfSet({ deployments }: DeploymentParts, set: ReplicaSet): string[] {
  if (controllerOf(set) !== undefined) return controllerKeys(set, "Deployment", "apps/");
  return deployments
    .list(set.metadata.namespace ?? "")
    .filter((deployment) => matchesSelector(deployment.spec.selector, set.metadata.labels))
    .map(keyOf);
}

function keysOfPod({ replicaSets, deployments }: DeploymentParts, pod: Pod): string[] {
  const set = replicaSets.get(pod.metadata.namespace, controllerOf(pod)?.name ?? "");
  if (set === undefined) return [];
  return controllerKeys(set, "Deployment", "apps/").filter((key) => {
    const deployment = deployments.byKey(key);
    return deployment !== undefined && !isRolling(deployment);
  });
}

async function reconcile(parts: DeploymentParts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const deployment = parts.deployments.get(namespace, name);
  if (deployment === undefined) return done;
  const rollout = await begin(parts, deployment);
  if (isTerminating(deployment)) return writeStatus(parts, rollout, "counts");
  await numberNewest(parts, rollout);
  if (deployment.spec.paused === true) {
    await scale(parts, rollout);
    await trimHistory(parts, rollout);
    return writeStatus(parts, rollout, "counts");
  }
  if (wasScaled(rollout)) {
    await scale(parts, rollout);
    return writeStatus(parts, rollout, "counts");
  }
  await (isRolling(deployment) ? rollForward(parts, rollout) : recreate(parts, rollout));
  return writeStatus(parts, rollout, "progress");
}

async function begin(parts: DeploymentParts, deployment: Deployment): Promise<Rollout> {
  const { context, replicaSets } = parts;
  const sets = await claim(
    {
      api: context.api,
      informer: replicaSets,
      owner: deployment,
      ownerResource: resources.deployments,
      matches: (set: ReplicaSet) => matchesSelector(deployment.spec.selector, set.metadata.labels),
    },
    candidatesOf(replicaSets, deployment),
  );
  return {
    deployment,
    ...findSets(deployment, sets),
    conditions: isTerminating(deployment)
      ? (deployment.status?.conditions ?? [])
      : pauseConditions(deployment, context.clock.now()),
    collisionCount: deployment.status?.collisionCount,
    revision: undefined,
  };
}

async function writeStatus(parts: DeploymentParts, rollout: Rollout, what: "counts" | "progress"): Promise<Outcome> {
  const { deployment, revision } = rollout;
  const now = parts.context.clock.now();
  const counted = countReplicas(rollout, now);
  const status: DeploymentStatus = what === "counts" ? counted : judgeProgress(rollout, counted, now);
  const isNumbered = revision === undefined || deployment.metadata.annotations?.[revisionAnnotation] === revision;
  // None is told apart from not known yet.
  const isTold = deployment.status?.terminatingReplicas === status.terminatingReplicas;
  if (!isNumbered || !isTold || !sameStatus(deployment.status, status)) {
    // The number of the revision is written along with the status.
    const annotations = isNumbered
      ? deployment.metadata.annotations
      : { ...deployment.metadata.annotations, [revisionAnnotation]: revision };
    const metadata = annotations === undefined ? deployment.metadata : { ...deployment.metadata, annotations };
    await parts.context.api.update<Deployment>(resources.deployments, { ...deployment, metadata, status }, "status");
  }
  const wait = timeToDeadline(deployment, status, now);
  return wait === undefined ? done : requeueAfter(wait);
}
