import { statfsSync } from "node:fs";
import { freemem } from "node:os";
import { ImageCollector } from "../images/image-collector.ts";
import type { DiskUsage } from "../images/image-collector.ts";
import type { ImageStore } from "../images/image-store.ts";
import { usedImages } from "../images/used-images.ts";
import { messageOf } from "../kubelet-error.ts";
import { imageCollection, nodeLookMs } from "../limits.ts";
import type { PodManager } from "../pod-manager.ts";
import type { RecordedEvent } from "../pods/event-recorder.ts";
import { pause } from "../probes/probe-loop.ts";
import { podMemory } from "../stats/pod-memory.ts";
import { podStorage } from "../stats/pod-storage.ts";
import { Evictions } from "./evictions.ts";
import type { NodePressure, Pressure } from "./node-pressure.ts";
import { nodeShortages } from "./node-shortages.ts";

export interface NodeUpkeepOptions {
  readonly images: ImageStore;
  readonly pods: PodManager;
  /** On the disk that all of the node's folders are on. */
  readonly folder: string;
  /** After which time images that no pod uses go in any case; 0: never. */
  readonly imageAgeMsMax: number;
  readonly pressure: NodePressure;
  readonly pressureChanged: (pressure: Pressure) => void;
  readonly tell: (event: RecordedEvent) => void;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Keeps the node from running out of disk and memory: images that nobody uses go, and pods that take too much. Resolves when it has ended. */
export async function keepUpNode(options: NodeUpkeepOptions): Promise<void> {
  const { images, pods, folder, imageAgeMsMax, pressure, pressureChanged, tell, now, signal, log } = options;
  const disk = (): DiskUsage => diskUsage(folder);
  const used = (): Set<string> => usedImages(pods.workers(), images);
  const collector = new ImageCollector({ images, disk, used, ageMsMax: imageAgeMsMax, now, tell });
  const evictions = new Evictions({
    workers: () => pods.workers(),
    storageOf: podStorage,
    shortages: nodeShortages({
      memory: () => ({ availableBytes: freemem() }),
      disk,
      images: collector,
      storageOf: podStorage,
      memoryOf: podMemory,
    }),
    pressure,
    changed: pressureChanged,
    now,
    tell,
  });
  const repeat = async (everyMs: number, work: () => Promise<unknown>): Promise<void> => {
    for (await pause(everyMs, signal); !signal.aborted; await pause(everyMs, signal)) {
      try {
        await work();
      } catch (error) {
        log(`upkeep of the node: ${messageOf(error)}`);
      }
    }
  };
  collector.look();
  await Promise.all([
    repeat(imageCollection.everyMs, () => collector.collect()),
    repeat(nodeLookMs, () => evictions.look()),
  ]);
}

function diskUsage(folder: string): DiskUsage {
  const { blocks, bavail, bsize, files, ffree } = statfsSync(folder);
  return { capacityBytes: blocks * bsize, availableBytes: bavail * bsize, inodes: files, inodesFree: ffree };
}
