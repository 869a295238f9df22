import { limits } from "../limits.ts";
import { problem } from "./problem.ts";
import type { Incoming } from "./exchange.ts";

export interface RateLimitOptions {
  /** Requests that come back each second, up to `burst`. */
  readonly perSecond: number;
  readonly burst: number;
  /** Whom to count; the address of the client unless told otherwise. */
  readonly keyOf?: (incoming: Incoming) => string;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

export interface RateLimit {
  /** Returns, or throws the problem 429 with the time to wait. */
  admit(incoming: Incoming): void;
  /** Seconds to wait; 0 when admitted. */
  take(key: string): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A bucket of tokens for each caller. Full buckets need no memory, so the ones seen longest ago go first. */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { perSecond, burst } = options;
  const now = options.now ?? (() => performance.now());
  const keyOf = options.keyOf ?? ((incoming) => incoming.remoteAddress);
  const buckets = new Map<string, Bucket>();
  const take = (key: string): number => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: burst, at };
    bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1_000) * perSecond);
    bucket.at = at;
    buckets.delete(key);
    buckets.set(key, bucket);
    for (const oldest of buckets.keys()) {
      if (buckets.size <= limits.rateKeysMax) break;
      buckets.delete(oldest);
    }
    if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond;
    bucket.tokens -= 1;
    return 0;
  };
  const admit = (incoming: Incoming): void => {
    const waitSeconds = take(keyOf(incoming));
    if (waitSeconds === 0) return;
    throw problem(429, {
      type: "/problems/too-many-requests",
      detail: `more than ${perSecond} requests a second; wait ${waitSeconds.toFixed(1)} s`,
      headers: { "retry-after": String(Math.ceil(waitSeconds)) },
    });
  };
  return { admit, take };
}
