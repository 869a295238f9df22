/** Time as what loops needs it: handed in, so that tests decide how late it is. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs something later; the answer cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** The longest time that a timer of Node.js can wait. */
const timerMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), timerMsMax));
    return () => clearTimeout(timer);
  },
};

/** A time as Kubernetes writes it in `metav1.Time`: whole seconds. */
export function toTimestamp(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/** As in `metav1.MicroTime`. */
export function toMicroTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** 0 for a time that is not there. */
export function fromTimestamp(text: string | null | undefined): number {
  if (text === undefined || text === null) return 0;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? 0 : ms;
}

/** Waits on a clock; ends early, without an error, when the signal is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const stop = () => {
      cancel();
      resolve();
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    signal.addEventListener("abort", stop, { once: true });
  });
}
