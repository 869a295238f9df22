import { formatQuantity, nanosOf, wholeUnits } from "../../object/quantity.ts";
import type { DiskUsage, ImageCollector } from "../images/image-collector.ts";
import { diskPressure } from "../limits.ts";
import type { RecordedEvent } from "../pods/event-recorder.ts";
import { isCritical } from "../pods/pod.ts";
import type { Container, Pod } from "../pods/pod.ts";
import type { PodWorker } from "../pods/pod-worker.ts";
import type { PodStorage } from "../stats/pod-storage.ts";
import type { NodePressure } from "./node-pressure.ts";
import { brokenLimit, hasStorageLimits, storageResource, totalOf } from "./storage-limits.ts";

export type Evictable = Pick<PodWorker, "pod" | "isOver" | "evict">;

export interface EvictionsOptions<T extends Evictable> {
  readonly workers: () => readonly T[];
  readonly storageOf: (worker: T) => Promise<PodStorage>;
  readonly disk: () => DiskUsage;
  readonly images: Pick<ImageCollector, "removeUnused">;
  readonly pressure: NodePressure;
  /** The pressure began or ended. */
  readonly changed: () => void;
  readonly now: () => Date;
  /** Says something about the node. */
  readonly tell: (event: RecordedEvent) => void;
}

interface Candidate<T> {
  readonly worker: T;
  readonly storage: PodStorage;
}

/** Ends pods that take more of the disk than they may, and when the node has too little left, one pod after the other. */
export class Evictions<T extends Evictable = PodWorker> {
  readonly #options: EvictionsOptions<T>;
  #shortAt = Number.NEGATIVE_INFINITY;

  constructor(options: EvictionsOptions<T>) {
    this.#options = options;
  }

  /** One look at all pods and at the disk. */
  async look(): Promise<void> {
    const { disk, images, tell } = this.#options;
    this.#setPressure();
    // Who is over a limit goes first: that may be enough.
    if (await this.#overLimits()) return;
    if (!isShort(disk())) return;
    tell({ type: "Warning", reason: "EvictionThresholdMet", message: `Attempting to reclaim ${storageResource}` });
    await images.removeUnused();
    if (isShort(disk())) await this.#evictOne();
  }

  #setPressure(): void {
    const { disk, pressure, changed, now } = this.#options;
    const at = now().getTime();
    if (isShort(disk())) this.#shortAt = at;
    const isPressed = at - this.#shortAt < diskPressure.keptMs;
    if (pressure.disk === isPressed) return;
    pressure.disk = isPressed;
    changed();
  }

  async #overLimits(): Promise<boolean> {
    let isAny = false;
    for (const worker of this.#evictable()) {
      if (!hasStorageLimits(worker.pod)) continue;
      const message = brokenLimit(worker.pod, await this.#options.storageOf(worker));
      if (message === undefined) continue;
      worker.evict(message);
      isAny = true;
    }
    return isAny;
  }

  /** First who has more than asked for, then the least important, then who has the most. */
  async #evictOne(): Promise<void> {
    const candidates: Candidate<T>[] = [];
    for (const worker of this.#evictable()) candidates.push({ worker, storage: await this.#options.storageOf(worker) });
    const [first] = candidates.toSorted(
      (left, right) =>
        Number(excess(right) > 0n) - Number(excess(left) > 0n) ||
        (left.worker.pod.spec.priority ?? 0) - (right.worker.pod.spec.priority ?? 0) ||
        Number(excess(right) - excess(left)),
    );
    if (first === undefined) return;
    const message = pressureText(first, this.#options.disk());
    const condition = { type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message } as const;
    first.worker.evict(message, condition);
  }

  #evictable(): T[] {
    return this.#options.workers().filter(({ pod, isOver }) => !isOver && !isCritical(pod));
  }
}

function thresholdOf({ capacityBytes }: DiskUsage): number {
  return Math.min(Math.floor((capacityBytes * diskPressure.percent) / 100), diskPressure.bytesMax);
}

function isShort(disk: DiskUsage): boolean {
  return disk.availableBytes < thresholdOf(disk);
}

function requestOf({ resources }: Container): string | undefined {
  return resources?.requests?.[storageResource];
}

function excess({ worker, storage }: Candidate<Evictable>): bigint {
  return BigInt(storage.bytes) - wholeUnits(totalOf(worker.pod, requestOf) ?? "0");
}

function pressureText({ worker, storage }: Candidate<Evictable>, disk: DiskUsage): string {
  const [threshold, available] = [bytesText(thresholdOf(disk)), bytesText(disk.availableBytes)];
  const why = `The node was low on resource: ${storageResource}. Threshold quantity: ${threshold}, available: ${available}. `;
  return why + storage.containers.map((each) => containerText(worker.pod, each)).join("");
}

function containerText({ spec }: Pod, { name, logs, root }: PodStorage["containers"][number]): string {
  const container = [...spec.containers, ...(spec.initContainers ?? [])].find((each) => each.name === name);
  if (container === undefined) return "";
  const request = requestOf(container) ?? "0";
  const used = logs.bytes + root.bytes;
  if (BigInt(used) * 1_000_000_000n <= nanosOf(request)) return "";
  return `Container ${name} was using ${bytesText(used)}, request is ${request}, has larger consumption of ${storageResource}. `;
}

function bytesText(bytes: number): string {
  return formatQuantity({ nanos: BigInt(bytes) * 1_000_000_000n, format: "binary" });
}
