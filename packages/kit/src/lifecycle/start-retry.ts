import { setTimeout as delay } from "node:timers/promises";
import { limits } from "../limits.ts";

/** Again and again, with growing pauses, until it succeeds or nobody wants it any more. */
export async function retryUntilDone(
  run: () => Promise<void>,
  signal: AbortSignal,
  onFailure: (error: unknown, waitMs: number) => void,
): Promise<void> {
  for (let waitMs: number = limits.startRetryMs; ; waitMs = Math.min(waitMs * 2, limits.startRetryCapMs)) {
    try {
      await run();
      return;
    } catch (error) {
      signal.throwIfAborted();
      onFailure(error, waitMs);
    }
    await delay(waitMs, undefined, { signal });
  }
}
