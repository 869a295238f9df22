import type { ContainerSlot } from "./container-slot.ts";
import { makeSlot } from "./container-slot.ts";
import { ensureImage } from "./ensure-image.ts";
import type { RecordedEvent } from "./event-recorder.ts";
import type { Pod } from "./pod.ts";
import type { PodContext } from "./pod-context.ts";
import { StartBlocked } from "./start-blocked.ts";

/** Images of a pod that are mounted instead of run; each keeps its own count of attempts to get it, as a container does. */
export type ImageVolumes = ReadonlyMap<string, ContainerSlot>;

export function makeImageVolumes(pod: Pod): ImageVolumes {
  const volumes = (pod.spec.volumes ?? []).flatMap(({ name, image }): [string, ContainerSlot][] => {
    if (image?.reference === undefined || image.reference === "") return [];
    const { reference, pullPolicy } = image;
    const container = { name, image: reference, ...(pullPolicy === undefined ? {} : { imagePullPolicy: pullPolicy }) };
    return [[name, makeSlot(container, "main", pod)]];
  });
  return new Map(volumes);
}

/** Gets the images that a container mounts; why one can't be had yet is what the container waits for. */
export async function ensureImageVolumes(slot: ContainerSlot, context: PodContext): Promise<void> {
  const { services, imageVolumes, volumes } = context;
  for (const { name } of slot.container.volumeMounts ?? []) {
    const volume = imageVolumes.get(name);
    if (volume === undefined || volume.image !== undefined) continue;
    try {
      // What stops the container is told of it, the rest of the pod.
      const tell = (event: RecordedEvent): void =>
        context.tell(event.reason === "Failed" && event.message.startsWith("Error: ") ? slot : undefined, event);
      volume.image = await ensureImage(volume, context.pod(), { services, tell });
      volumes.place(name, volume.image.root);
    } catch (error) {
      volume.waiting = { reason: error instanceof StartBlocked ? error.reason : "" };
      throw error;
    }
  }
}
