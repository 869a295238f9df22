import { rm } from "node:fs/promises";
import { relative } from "node:path";
import { done, messageOf, resources, unless } from "../../loop/index.ts";
import type { Outcome } from "../../loop/index.ts";
import { isTerminating } from "../../model/pod.ts";
import { provisionedBy } from "./claim-object.ts";
import type { PersistentVolume } from "./claim-object.ts";
import { folderProvisioner } from "./provision.ts";
import type { VolumeParts } from "./volume-parts.ts";

/** What becomes of a volume whose claim has gone. */
export async function reclaim(parts: VolumeParts, volume: PersistentVolume): Promise<Outcome> {
  const { name = "" } = volume.metadata;
  switch (volume.spec.persistentVolumeReclaimPolicy) {
    case "Recycle":
      return fail(parts, volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
    case "Delete": {
      const maker = volume.metadata.annotations?.[provisionedBy];
      if (maker === folderProvisioner) return removeFolder(parts, volume);
      // Whoever made it deletes it.
      if (maker !== undefined) return done;
      const words = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`;
      return fail(parts, volume, "VolumeFailedDelete", words);
    }
    default:
      return done;
  }
}

async function removeFolder(parts: VolumeParts, volume: PersistentVolume): Promise<Outcome> {
  const { context } = parts;
  const { volumesFolder } = context.options;
  const path = volume.spec.hostPath?.path ?? "";
  // Anybody who may write volumes could name any folder.
  const inside = volumesFolder === undefined ? ".." : relative(volumesFolder, path);
  if (inside === "" || inside.startsWith("..") || inside.includes("/")) {
    return fail(parts, volume, "VolumeFailedDelete", `${path} is not a folder of ${folderProvisioner}`);
  }
  try {
    await rm(path, { recursive: true, force: true });
    if (!isTerminating(volume)) await unless(["not-found"], context.api.delete(resources.persistentVolumes, volume));
  } catch (error) {
    await fail(parts, volume, "VolumeFailedDelete", messageOf(error));
    return { kind: "failed", error };
  }
  return done;
}

async function fail(
  { context, events }: VolumeParts,
  volume: PersistentVolume,
  reason: string,
  message: string,
): Promise<Outcome> {
  if (volume.status?.phase !== "Failed" || volume.status.message !== message) {
    const status = { ...volume.status, phase: "Failed" as const, message };
    await context.api.update<PersistentVolume>(resources.persistentVolumes, { ...volume, status }, "status");
    events.warning(volume, reason, message);
  }
  return { kind: "stalled", reason: message };
}
