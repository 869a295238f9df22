import { byAge } from "../../model/owner.ts";
import type { ReplicaSet } from "../../model/workload.ts";
import {
  allSets,
  isActiveSet,
  isComplete,
  maxUnavailableOf,
  replicasOf,
  roomOf,
  sum,
  wantedReplicas,
} from "./deployment-parts.ts";
import type { DeploymentParts, Rollout } from "./deployment-parts.ts";
import { createNewest } from "./revision.ts";
import { resizeWhenDifferent, trimHistory } from "./scaling.ts";

/** One step of a rolling update: the new grows as far as there is room, or the old shrink as far as pods can be spared. */
export async function rollForward(parts: DeploymentParts, rollout: Rollout): Promise<void> {
  await createNewest(parts, rollout);
  if (await growNewest(parts, rollout)) return;
  if (await shrinkOld(parts, rollout)) return;
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) await trimHistory(parts, rollout);
}

async function growNewest(parts: DeploymentParts, rollout: Rollout): Promise<boolean> {
  const { deployment, newest } = rollout;
  if (newest === undefined) return false;
  const wanted = wantedReplicas(deployment);
  const size = replicasOf(newest);
  if (size >= wanted) return resizeWhenDifferent(parts, rollout, newest, wanted);
  const room = wanted + roomOf(deployment).surge - sum(allSets(rollout), replicasOf);
  return resizeWhenDifferent(parts, rollout, newest, size + Math.max(0, Math.min(room, wanted - size)));
}

async function shrinkOld(parts: DeploymentParts, rollout: Rollout): Promise<boolean> {
  const { deployment, newest } = rollout;
  if (newest === undefined || !rollout.old.some(isActiveSet)) return false;
  const minAvailable = wantedReplicas(deployment) - maxUnavailableOf(deployment);
  const newUnavailable = replicasOf(newest) - (newest.status?.availableReplicas ?? 0);
  const spare = sum(allSets(rollout), replicasOf) - minAvailable - newUnavailable;
  if (spare <= 0) return false;
  const broken = await dropUnavailable(parts, rollout, spare);
  const available = sum(allSets(rollout), (set) => set.status?.availableReplicas ?? 0);
  const dropped = await dropAvailable(parts, rollout, available - minAvailable);
  return broken + dropped > 0;
}

/** Pods of the past that don't work are no loss; kept, they would block the update. */
function dropUnavailable(parts: DeploymentParts, rollout: Rollout, spare: number): Promise<number> {
  return drop(parts, rollout, spare, (set) => replicasOf(set) - (set.status?.availableReplicas ?? 0));
}

function dropAvailable(parts: DeploymentParts, rollout: Rollout, spare: number): Promise<number> {
  return drop(parts, rollout, spare, replicasOf);
}

async function drop(
  parts: DeploymentParts,
  rollout: Rollout,
  spare: number,
  canGo: (set: ReplicaSet) => number,
): Promise<number> {
  let dropped = 0;
  for (const set of rollout.old.filter(isActiveSet).sort(byAge)) {
    const count = Math.min(spare - dropped, canGo(set));
    if (count <= 0) continue;
    await resizeWhenDifferent(parts, rollout, set, replicasOf(set) - count);
    dropped += count;
  }
  return dropped;
}
