/** Time over that asked for, so that what ends of itself in the last moment does. */
const spareMs = 2000;

/** A pod's way out: it is asked to leave, and what isn't gone in time is hurried. */
export class Departure {
  readonly #leaving = new AbortController();
  readonly #hurry = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Aborts when the pod has to go. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Aborts when its time is over. */
  get hurry(): AbortSignal {
    return this.#hurry.signal;
  }

  /** Asks it to leave, by the time that its deletion says; a second one with a shorter time overtakes the first. */
  begin(graceSeconds: number, deletedAt: string | undefined, now: Date): void {
    this.#leaving.abort();
    if (this.#hurry.signal.aborted) return;
    const isByGrace = deletedAt === undefined || graceSeconds === 0;
    const dueMs = isByGrace ? graceSeconds * 1000 : Date.parse(deletedAt) - now.getTime();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hurry.abort(), Math.max(dueMs, 0) + (graceSeconds === 0 ? 0 : spareMs));
  }

  /** Nothing is waited for any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#leaving.abort();
    this.#hurry.abort();
  }

  /** It has left: a timer would hold up the end of the process. */
  over(): void {
    clearTimeout(this.#timer);
  }
}
