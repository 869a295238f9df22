import { evictionWindow } from "../limits.ts";
import type { RecordedEvent } from "../pods/event-recorder.ts";
import { isCritical } from "../pods/pod.ts";
import type { PodWorker } from "../pods/pod-worker.ts";
import type { PodStorage } from "../stats/pod-storage.ts";
import type { NodePressure, Pressure } from "./node-pressure.ts";
import { evictionWords } from "./shortage.ts";
import type { Burden, Shortage } from "./shortage.ts";
import { brokenLimit, hasStorageLimits } from "./storage-limits.ts";

export type Evictable = Pick<PodWorker, "pod" | "isOver" | "evict">;

export interface EvictionsOptions<T extends Evictable> {
  readonly workers: () => readonly T[];
  readonly storageOf: (worker: T) => Promise<PodStorage>;
  /** What the node can run short of, the most urgent first. */
  readonly shortages: readonly Shortage<T>[];
  readonly pressure: NodePressure;
  /** A pressure began or ended. */
  readonly changed: (pressure: Pressure) => void;
  readonly now: () => Date;
  /** Says something about the node. */
  readonly tell: (event: RecordedEvent) => void;
}

interface Candidate<T> {
  readonly worker: T;
  readonly burden: Burden;
}

/** Ends pods that take more of the disk than they may, and when the node has too little left of something, one pod after the other. */
export class Evictions<T extends Evictable = PodWorker> {
  readonly #options: EvictionsOptions<T>;
  readonly #shortAt = new Map<Pressure, number>();

  constructor(options: EvictionsOptions<T>) {
    this.#options = options;
  }

  /** One look at all pods and at the node. */
  async look(): Promise<void> {
    const { shortages, tell } = this.#options;
    for (const each of ["memory", "disk"] as const) this.#setPressure(each);
    // Who is over a limit goes first: that may be enough.
    if (await this.#overLimits()) return;
    const shortage = shortages.find(({ level }) => level().isBelow);
    if (shortage === undefined) return;
    const message = `Attempting to reclaim ${shortage.resource}`;
    tell({ type: "Warning", reason: "EvictionThresholdMet", message });
    await shortage.reclaim?.();
    if (shortage.level().isBelow) await this.#evictOne(shortage);
  }

  #setPressure(which: Pressure): void {
    const { shortages, pressure, changed, now } = this.#options;
    const at = now().getTime();
    if (shortages.some((each) => each.pressure === which && each.level().isBelow)) this.#shortAt.set(which, at);
    const isPressed = at - (this.#shortAt.get(which) ?? Number.NEGATIVE_INFINITY) < evictionWindow.keptMs;
    if (pressure[which] === isPressed) return;
    pressure[which] = isPressed;
    changed(which);
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
  async #evictOne(shortage: Shortage<T>): Promise<void> {
    const candidates: Candidate<T>[] = [];
    for (const worker of this.#evictable()) candidates.push({ worker, burden: await shortage.burdenOf(worker) });
    const [first] = candidates.toSorted(
      (left, right) =>
        Number(right.burden.isOver) - Number(left.burden.isOver) ||
        (left.worker.pod.spec.priority ?? 0) - (right.worker.pod.spec.priority ?? 0) ||
        Number(right.burden.excess - left.burden.excess),
    );
    if (first === undefined) return;
    const { message, annotations } = evictionWords(first.worker.pod, first.burden, shortage);
    const condition = { type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message } as const;
    first.worker.evict(message, { condition, annotations });
  }

  #evictable(): T[] {
    return this.#options.workers().filter(({ pod, isOver }) => !isOver && !isCritical(pod));
  }
}
