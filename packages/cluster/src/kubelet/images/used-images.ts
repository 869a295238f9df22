import { KubeletError } from "../kubelet-error.ts";
import type { PodWorker } from "../pods/pod-worker.ts";
import type { ImageStore } from "./image-store.ts";

/** The unpacked images that pods run on, and those that they will start their containers from. */
export function usedImages(workers: readonly PodWorker[], images: ImageStore): Set<string> {
  const roots = new Set<string>();
  for (const worker of workers) {
    for (const { image } of worker.isOver ? [] : (worker.pod.spec.volumes ?? [])) {
      const mounted = rootOf(image?.reference ?? "", images);
      if (mounted !== undefined) roots.add(mounted);
    }
    for (const { active, container } of worker.slots) {
      if (active !== undefined) roots.add(active.imageRoot);
      const named = worker.isOver ? undefined : rootOf(container.image, images);
      if (named !== undefined) roots.add(named);
    }
  }
  return roots;
}

function rootOf(name: string, images: ImageStore): string | undefined {
  try {
    return images.get(name)?.root;
  } catch (error) {
    // No name of an image: nothing is kept for it.
    if (error instanceof KubeletError) return undefined;
    throw error;
  }
}
