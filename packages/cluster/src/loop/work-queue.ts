import type { Clock } from "./clock.ts";
import { retryMsMax, retryMsMin } from "./limits.ts";

/**
 * Keys that wait to be worked on. A key is in it once, however often it is added, and is never worked on twice at the same time: when it
 * is added meanwhile, it comes again afterwards.
 */
export class WorkQueue {
  private readonly clock: Clock;
  private readonly waiting = new Set<string>();
  private readonly working = new Set<string>();
  private readonly again = new Set<string>();
  private readonly timers = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  private readonly failures = new Map<string, number>();
  private readonly takers: ((key: string | undefined) => void)[] = [];
  private closed = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Keys that wait or are worked on; those that are due later don't count. */
  get size(): number {
    return this.waiting.size + this.working.size;
  }

  add(key: string): void {
    if (this.closed) return;
    if (this.working.has(key)) {
      this.again.add(key);
      return;
    }
    const taker = this.takers.shift();
    if (taker === undefined) {
      this.waiting.add(key);
    } else {
      this.working.add(key);
      taker(key);
    }
  }

  /** An earlier time counts when a key is added several times. */
  addAfter(key: string, ms: number): void {
    if (this.closed) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.clock.now() + ms;
    const known = this.timers.get(key);
    if (known !== undefined) {
      if (known.at <= at) return;
      known.cancel();
    }
    const cancel = this.clock.after(ms, () => {
      this.timers.delete(key);
      // A timer can't wait longer than 24 days; what is due later waits on.
      if (this.clock.now() < at - 1) this.addAfter(key, at - this.clock.now());
      else this.add(key);
    });
    this.timers.set(key, { at, cancel });
  }

  /** Later each time that the key failed in a row. */
  addAfterFailure(key: string): void {
    const failures = this.failures.get(key) ?? 0;
    this.failures.set(key, failures + 1);
    this.addAfter(key, Math.min(retryMsMax, retryMsMin * 2 ** failures));
  }

  failuresOf(key: string): number {
    return this.failures.get(key) ?? 0;
  }

  forgetFailures(key: string): void {
    this.failures.delete(key);
  }

  /** The next key, once there is one; undefined when the queue is closed. Has to be given back with `done`. */
  take(): Promise<string | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    const [key] = this.waiting;
    if (key === undefined) return new Promise((resolve) => this.takers.push(resolve));
    this.waiting.delete(key);
    this.working.add(key);
    return Promise.resolve(key);
  }

  done(key: string): void {
    this.working.delete(key);
    if (this.again.delete(key)) this.add(key);
  }

  close(): void {
    this.closed = true;
    for (const { cancel } of this.timers.values()) cancel();
    this.timers.clear();
    this.waiting.clear();
    for (const taker of this.takers.splice(0)) taker(undefined);
  }
}
