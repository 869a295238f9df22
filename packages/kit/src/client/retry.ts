import { setTimeout as delay } from "node:timers/promises";
import { HttpClientError } from "./http-client-error.ts";
import { limits } from "../limits.ts";

export interface RetryOptions {
  readonly attempts: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** 0 to 1; for tests. */
  readonly random?: () => number;
}

/**
 * Attempts until one succeeds, the failure is final, or the time is over. Pauses are drawn from the whole interval up to
 * a growing bound, so that many who failed together don't come back together.
 */
export async function withRetries<T>(options: RetryOptions, run: (attempt: number) => Promise<T>): Promise<T> {
  const random = options.random ?? Math.random;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      const again = error instanceof HttpClientError && error.retry && attempt < options.attempts;
      if (!again) throw error;
      const bound = Math.min(limits.retryCapMs, limits.retryBaseMs * 2 ** (attempt - 1));
      const pauseMs = Math.max(error.pauseMs ?? 0, random() * bound);
      if (performance.now() + pauseMs >= options.deadline) throw error;
      await delay(pauseMs, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}

/** What a `retry-after` header asks for, in milliseconds; dates are left alone. */
export function retryPause(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,5}$/.test(header) ? Number(header) * 1_000 : undefined;
}
