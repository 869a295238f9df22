import { podAmounts } from "../../model/pod-requests.ts";
import { nanosOf } from "../../object/quantity.ts";
import type { DiskUsage, ImageCollector } from "../images/image-collector.ts";
import { diskPressure, memoryPressure } from "../limits.ts";
import type { Pod } from "../pods/pod.ts";
import type { PodStorage } from "../stats/pod-storage.ts";
import { bytesText, countText } from "./shortage.ts";
import type { Burden, Shortage } from "./shortage.ts";
import { storageResource, totalOf } from "./storage-limits.ts";

const billion = 1_000_000_000n;

export interface ShortagesOptions<T> {
  /** Of the whole machine, without what it would give up for others. */
  readonly memory: () => { readonly availableBytes: number };
  readonly disk: () => DiskUsage;
  readonly images: Pick<ImageCollector, "removeUnused">;
  readonly storageOf: (worker: T) => Promise<PodStorage>;
  readonly memoryOf: (worker: T) => Promise<readonly { readonly name: string; readonly bytes: number }[]>;
}

/** What a node looks at, the most urgent first. */
export function nodeShortages<T extends { readonly pod: Pod }>(options: ShortagesOptions<T>): Shortage<T>[] {
  return [memoryShortage(options), diskShortage(options), inodeShortage(options)];
}

function memoryShortage<T extends { readonly pod: Pod }>({ memory, memoryOf }: ShortagesOptions<T>): Shortage<T> {
  return {
    resource: "memory",
    pressure: "memory",
    level: () => {
      const { availableBytes } = memory();
      const { bytesMin } = memoryPressure;
      const isBelow = availableBytes < bytesMin;
      return { isBelow, threshold: bytesText(bytesMin), available: bytesText(availableBytes) };
    },
    burdenOf: async (worker): Promise<Burden> => {
      const { pod } = worker;
      const containers = await memoryOf(worker);
      const bytes = containers.reduce((sum, each) => sum + each.bytes, 0);
      const excess = BigInt(bytes) - (podAmounts(pod).get("memory") ?? 0n) / billion;
      const request = pod.spec.resources?.requests?.["memory"];
      const whole = request === undefined ? {} : { whole: { bytes, request } };
      return { isOver: excess > 0n, excess, containers, ...whole };
    },
  };
}

function diskShortage<T extends { readonly pod: Pod }>(options: ShortagesOptions<T>): Shortage<T> {
  const { disk, images, storageOf } = options;
  return {
    resource: storageResource,
    pressure: "disk",
    level: () => {
      const { capacityBytes, availableBytes } = disk();
      const least = Math.min(Math.floor((capacityBytes * diskPressure.percent) / 100), diskPressure.bytesMax);
      const isBelow = availableBytes < least;
      return { isBelow, threshold: bytesText(least), available: bytesText(availableBytes) };
    },
    reclaim: () => images.removeUnused(),
    burdenOf: async (worker) => {
      const storage = await storageOf(worker);
      const excess = BigInt(storage.bytes) - storageRequest(worker.pod);
      const containers = storage.containers.map(({ name, logs, root }) => ({ name, bytes: logs.bytes + root.bytes }));
      return { isOver: excess > 0n, excess, containers };
    },
  };
}

/** Nobody can ask for files: whoever has any has more than that. */
function inodeShortage<T extends { readonly pod: Pod }>(options: ShortagesOptions<T>): Shortage<T> {
  const { disk, images, storageOf } = options;
  return {
    resource: "inodes",
    pressure: "disk",
    level: () => {
      // File systems that make them as they go say that they have none.
      const { inodes = 0, inodesFree = 0 } = disk();
      const least = Math.min(Math.floor((inodes * diskPressure.inodesPercent) / 100), diskPressure.inodesMax);
      return { isBelow: inodesFree < least, threshold: countText(least), available: countText(inodesFree) };
    },
    reclaim: () => images.removeUnused(),
    burdenOf: async (worker) => {
      const { files } = await storageOf(worker);
      return { isOver: files > 0, excess: BigInt(files) - storageRequest(worker.pod), containers: [] };
    },
  };
}

function storageRequest(pod: Pod): bigint {
  const text = totalOf(pod, ({ resources }) => resources?.requests?.[storageResource]);
  return nanosOf(text ?? "0") / billion;
}
