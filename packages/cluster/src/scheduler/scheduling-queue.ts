import type { Clock } from "../loop/index.ts";
import { priorityOf } from "../model/pod-requests.ts";
import type { Pod } from "../model/pod.ts";

/** A pod that didn't fit is tried again after this long even when nothing changed; doubled each time. */
const backOffMsMin = 1_000;
const backOffMsMax = 10_000;
const unschedulableMsMax = 300_000;

interface Parked {
  readonly cancel: () => void;
  readonly since: number;
}

/** Pods that wait for a node: the most important and then the oldest first. Those that fit nowhere wait until something changes. */
export class SchedulingQueue {
  private readonly clock: Clock;
  private readonly active = new Map<string, Pod>();
  private readonly parked = new Map<string, Parked & { pod: Pod }>();
  /** Of those the ones that wait for a change; the others come again by themselves. */
  private readonly idle = new Set<string>();
  private readonly attempts = new Map<string, number>();
  /** The least urgent first. May hold pods that have gone or were replaced meanwhile. */
  private readonly sorted: Pod[] = [];
  private wake: (() => void) | undefined;
  private closed = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A new pod, or one that was changed in what matters. */
  add(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    this.unpark(uid);
    this.activate(uid, pod);
  }

  /** Takes over a change that makes no difference to where the pod fits. */
  refresh(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const parked = this.parked.get(uid);
    if (parked !== undefined) parked.pod = pod;
    if (this.active.has(uid)) this.activate(uid, pod);
  }

  remove(uid: string): void {
    this.unpark(uid);
    this.attempts.delete(uid);
    this.active.delete(uid);
  }

  has(uid: string): boolean {
    return this.active.has(uid) || this.parked.has(uid);
  }

  /** It fits nowhere now. */
  park(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    this.attempts.set(uid, (this.attempts.get(uid) ?? 0) + 1);
    this.unpark(uid);
    this.rest(pod, this.clock.now());
  }

  /** It fits, and something is being made for it: it comes again with the next change, without having to wait longer. */
  await(pod: Pod): void {
    this.unpark(pod.metadata.uid ?? "");
    this.rest(pod, this.clock.now() - backOffMsMax);
  }

  /** Something went wrong that had nothing to do with the pod. */
  retry(pod: Pod): void {
    this.park(pod);
    this.reconsider(pod.metadata.uid ?? "");
  }

  /** Something changed that may make room. */
  reconsiderAll(): void {
    for (const uid of this.idle) this.reconsider(uid);
  }

  async next(): Promise<Pod | undefined> {
    while (!this.closed) {
      const pod = this.takeFirst();
      if (pod !== undefined) return pod;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return undefined;
  }

  close(): void {
    this.closed = true;
    for (const { cancel } of this.parked.values()) cancel();
    this.parked.clear();
    this.wake?.();
  }

  /** Not at once when it failed often, so that a crowd of pods doesn't keep all others waiting. */
  private reconsider(uid: string): void {
    const parked = this.parked.get(uid);
    if (parked === undefined) return;
    this.idle.delete(uid);
    const attempts = this.attempts.get(uid) ?? 1;
    const wait = Math.min(backOffMsMax, backOffMsMin * 2 ** (attempts - 1)) - (this.clock.now() - parked.since);
    if (wait <= 0) {
      this.add(parked.pod);
      return;
    }
    parked.cancel();
    const cancel = this.clock.after(wait, () => {
      const current = this.parked.get(uid);
      if (current !== undefined) this.add(current.pod);
    });
    this.parked.set(uid, { ...parked, cancel });
  }

  private activate(uid: string, pod: Pod): void {
    this.active.set(uid, pod);
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.sorted[middle];
      if (other !== undefined && compareUrgency(other, pod) < 0) low = middle + 1;
      else high = middle;
    }
    this.sorted.splice(low, 0, pod);
    this.wake?.();
  }

  private rest(pod: Pod, since: number): void {
    const uid = pod.metadata.uid ?? "";
    const cancel = this.clock.after(unschedulableMsMax, () => this.add(pod));
    this.parked.set(uid, { pod, cancel, since });
    this.idle.add(uid);
  }

  private unpark(uid: string): void {
    this.parked.get(uid)?.cancel();
    this.parked.delete(uid);
    this.idle.delete(uid);
  }

  private takeFirst(): Pod | undefined {
    for (let pod = this.sorted.pop(); pod !== undefined; pod = this.sorted.pop()) {
      const uid = pod.metadata.uid ?? "";
      if (this.active.get(uid) !== pod) continue;
      this.active.delete(uid);
      return pod;
    }
    return undefined;
  }
}

/** Less urgent first: lower priority, then younger. */
function compareUrgency(left: Pod, right: Pod): number {
  const byPriority = priorityOf(left) - priorityOf(right);
  if (byPriority !== 0) return byPriority;
  const [leftAt = "", rightAt = ""] = [left.metadata.creationTimestamp, right.metadata.creationTimestamp];
  if (leftAt === rightAt) return 0;
  return leftAt > rightAt ? -1 : 1;
}
