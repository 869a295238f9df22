import { isTerminating } from "../../model/pod.ts";
import { parseQuantity } from "../../model/quantity.ts";
import { matchesSelector } from "../../model/selector.ts";
import { classOf, isReservedFor } from "./claim-object.ts";
import type { PersistentVolume, VolumeClaim } from "./claim-object.ts";

/** The smallest volume that a claim can have; one that is reserved for it before all others. */
export function findVolume(
  claim: VolumeClaim,
  volumes: readonly PersistentVolume[],
  onlyReserved: boolean,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (isTerminating(volume) || mismatch(volume, claim, false) !== undefined) continue;
    if (isReservedFor(volume, claim)) return volume;
    if (onlyReserved || volume.spec.claimRef !== undefined || volume.status?.phase !== "Available") continue;
    const { selector } = claim.spec;
    if (selector !== undefined && !matchesSelector(selector, volume.metadata.labels)) continue;
    if (best === undefined || sizeOf(volume) < sizeOf(best)) best = volume;
  }
  return best;
}

/** Why a volume can't be what the claim asks for; undefined when it can. */
export function mismatch(volume: PersistentVolume, claim: VolumeClaim, isAskedFor: boolean): string | undefined {
  if (sizeOf(volume) < parseQuantity(claim.spec.resources?.requests?.["storage"])) return "requested PV is too small";
  if (classOf(volume) !== classOf(claim)) return "storageClassName does not match";
  if ((volume.spec.volumeMode ?? "Filesystem") !== (claim.spec.volumeMode ?? "Filesystem")) {
    return "incompatible volumeMode";
  }
  const modes = volume.spec.accessModes ?? [];
  if (!(claim.spec.accessModes ?? []).every((mode) => modes.includes(mode))) return "incompatible accessMode";
  return isAskedFor && isTerminating(volume) ? "the volume is marked for deletion" : undefined;
}

function sizeOf(volume: PersistentVolume): bigint {
  return parseQuantity(volume.spec.capacity?.["storage"]);
}
