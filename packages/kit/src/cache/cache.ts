import type { Dependency } from "../lifecycle/dependency.ts";

/** Values that may be a little old, to spare whoever knows them exactly. What is stored goes through JSON. */
export interface Cache extends Dependency {
  /** From the cache, or loaded and kept; callers who come meanwhile share one load. A failed load is not kept. */
  fetch<T>(key: string, load: () => Promise<T>): Promise<T>;
  /** Forgets a key. A load that is under way is not kept either. */
  delete(key: string): Promise<void>;
}

/** One load for all who ask at the same time. */
export class SingleFlight {
  readonly #flights = new Map<string, Promise<unknown>>();

  async run<T>(key: string, load: (isCurrent: () => boolean) => Promise<T>): Promise<T> {
    const known = this.#flights.get(key);
    // The key stands for one kind of value.
    if (known) return known as Promise<T>;
    const flight: Promise<T> = load(() => this.#flights.get(key) === flight).finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    return flight;
  }

  forget(key: string): void {
    this.#flights.delete(key);
  }
}
