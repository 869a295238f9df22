import type { Clock } from "../clock.ts";

/** A clock that moves when a test says so. */
export class ManualClock implements Clock {
  private ms = 0;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  readonly now = (): number => this.ms;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.ms + ms, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  advance(ms: number): void {
    const until = this.ms + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at);
      if (next === undefined) break;
      this.timers.delete(next);
      this.ms = next.at;
      next.run();
    }
    this.ms = until;
  }
}
