import { isFinished } from "../../model/pod.ts";
import { isActiveSet, isComplete, wantedReplicas } from "./deployment-parts.ts";
import type { DeploymentParts, Rollout } from "./deployment-parts.ts";
import { createNewest } from "./revision.ts";
import { resizeWhenDifferent, trimHistory } from "./scaling.ts";

/** All of the old goes before any of the new comes. */
export async function recreate(parts: DeploymentParts, rollout: Rollout): Promise<void> {
  let shrunk = false;
  for (const set of rollout.old.filter(isActiveSet)) {
    shrunk = (await resizeWhenDifferent(parts, rollout, set, 0)) || shrunk;
  }
  if (shrunk || hasOldPods(parts, rollout)) return;
  await createNewest(parts, rollout);
  if (rollout.newest !== undefined) {
    await resizeWhenDifferent(parts, rollout, rollout.newest, wantedReplicas(rollout.deployment));
  }
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) await trimHistory(parts, rollout);
}

function hasOldPods({ pods }: DeploymentParts, rollout: Rollout): boolean {
  return rollout.old.some(
    (set) => (set.status?.replicas ?? 0) > 0 || pods.ownedBy(set.metadata.uid).some((pod) => !isFinished(pod)),
  );
}
