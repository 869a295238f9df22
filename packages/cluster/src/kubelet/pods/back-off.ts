export interface BackOffOptions {
  readonly first: number;
  readonly max: number;
}

/**
 * Waits that double from one failure to the next. As the kubelet counts: the first restart comes at once, the wait runs from the end of the failed
 * attempt, and after twice the longest wait without trouble it begins anew.
 */
export class BackOff {
  readonly #options: BackOffOptions;
  #waitMs = 0;
  #countedAt = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  /** Milliseconds still to wait after a failure at `failedAt`; 0 when it may go on. */
  left(failedAt: number, now: number): number {
    if (this.#waitMs === 0 || this.#expired(failedAt)) return 0;
    return Math.max(failedAt + this.#waitMs - now, 0);
  }

  get waitMs(): number {
    return this.#waitMs;
  }

  /** Called when the next attempt begins. */
  next(failedAt: number, now: number): void {
    const fresh = this.#waitMs === 0 || this.#expired(failedAt);
    this.#waitMs = fresh ? this.#options.first : Math.min(this.#waitMs * 2, this.#options.max);
    this.#countedAt = now;
  }

  #expired(at: number): boolean {
    return at - this.#countedAt > 2 * this.#options.max;
  }
}

/** As Go prints a duration: `10s`, `1m20s`, `5m0s`. */
export function formatWait(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
