import { dataLimits } from "../limits.ts";

export interface BackgroundLoop {
  /** Ends the pause. A call that comes during a turn is not lost. */
  wake(): void;
  /** Waits for the turn under way. */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  /** Says how long to pause until the next turn; 0 goes on at once. */
  readonly turn: () => Promise<number>;
  /** Called for the first failure in a row and now and then afterwards; the pauses grow meanwhile. */
  readonly onFailure: (error: unknown, failures: number) => void;
}

const reportEvery = 100;

/** Does something again and again until it is stopped; failures make it slower, never end it. */
export function runInBackground({ turn, onFailure }: BackgroundOptions): BackgroundLoop {
  const stopped = new AbortController();
  let called = false;
  let endPause: (() => void) | undefined;

  const pause = async (ms: number): Promise<void> => {
    if (ms > 0 && !called && !stopped.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      endPause = resolve;
      const timer = setTimeout(resolve, ms);
      await promise;
      clearTimeout(timer);
    }
    called = false;
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopped.signal.aborted) {
      try {
        const pauseMs = await turn();
        failures = 0;
        await pause(pauseMs);
      } catch (error) {
        failures += 1;
        if (failures === 1 || failures % reportEvery === 0) onFailure(error, failures);
        await pause(failurePause(failures));
      }
    }
  };
  const running = run();
  return {
    wake() {
      called = true;
      endPause?.();
    },
    async stop() {
      stopped.abort();
      endPause?.();
      await running;
    },
  };
}

function failurePause(failures: number): number {
  const pause = dataLimits.backgroundRetryBaseMs * 2 ** Math.min(failures, 10);
  return Math.min(pause, dataLimits.backgroundRetryCapMs) * (0.5 + Math.random() / 2);
}
