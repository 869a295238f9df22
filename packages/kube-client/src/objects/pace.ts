import { setTimeout as sleep } from "node:timers/promises";

/** Time, as far as repeating needs it. */
export interface Clock {
  readonly now: () => number;
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  pause: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  },
};

export interface Pace {
  readonly msMin: number;
  readonly msMax: number;
}

/** How long to wait after so many failures in a row: doubled each time, and never quite as long as all the others wait. */
export function backOffMs(failures: number, { msMin, msMax }: Pace, random: () => number = Math.random): number {
  return Math.min(msMax, msMin * 2 ** Math.min(failures - 1, 30)) * (0.5 + random() / 2);
}
