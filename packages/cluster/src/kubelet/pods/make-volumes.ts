import { join } from "node:path";
import { PodVolumes } from "../volumes/pod-volumes.ts";
import type { Pod } from "./pod.ts";
import type { PodServices } from "./pod-services.ts";

/** The volumes of a pod in its folder, as its runtime can have them. */
export function makeVolumes(pod: Pod, services: PodServices, podFolder: string): PodVolumes {
  const { memory, canBeReadOnlyBelow = false } = services.runtime;
  const { uid } = pod.metadata;
  return new PodVolumes({
    client: services.client,
    folder: join(podFolder, "volumes"),
    claimsFolder: join(services.folder, "claims"),
    canBeReadOnlyBelow,
    ...(memory === undefined ? {} : { inMemory: (name, bytesMax) => memory.make(uid, name, bytesMax) }),
    now: services.now,
  });
}
