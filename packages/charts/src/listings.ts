import type { ChartCache, KeptListing } from "./chart-cache.ts";
import { isOutOfReach } from "./charts-error.ts";
import { failureKeptMs, listingFreshMs, listingsInMemoryMax } from "./limits.ts";

export interface ListingsOptions<T> {
  readonly cache: ChartCache;
  readonly now: () => number;
  /** Told when the server is out of reach and an old listing is used instead. */
  readonly onStale: (message: string) => void;
  /** From the form in which it is kept. */
  readonly parse: (text: string) => T;
}

export type ListingAnswer = "unchanged" | { readonly text: string; readonly etag: string };

interface InMemory<T> {
  readonly value: Promise<T>;
  goodUntilMs: number;
}

/**
 * Indexes of repositories and tags of registries: held in memory and on disk, taken as they are for a while, then asked for
 * again; when the server is out of reach, an old one is better than none.
 */
export class Listings<T> {
  readonly #options: ListingsOptions<T>;
  readonly #inMemory = new Map<string, InMemory<T>>();

  constructor(options: ListingsOptions<T>) {
    this.#options = options;
  }

  get(url: string, ask: (known: KeptListing | undefined) => Promise<ListingAnswer>): Promise<T> {
    const { now } = this.#options;
    const known = this.#inMemory.get(url);
    if (known && now() < known.goodUntilMs) return known.value;
    const entry: InMemory<T> = { value: this.#load(url, ask, (ms) => (entry.goodUntilMs = ms)), goodUntilMs: Infinity };
    this.#inMemory.delete(url);
    this.#inMemory.set(url, entry);
    const oldest = this.#inMemory.keys().next();
    if (this.#inMemory.size > listingsInMemoryMax && !oldest.done) this.#inMemory.delete(oldest.value);
    return entry.value;
  }

  async #load(
    url: string,
    ask: (known: KeptListing | undefined) => Promise<ListingAnswer>,
    goodUntil: (ms: number) => void,
  ): Promise<T> {
    const { cache, now, parse } = this.#options;
    try {
      const kept = await cache.listing(url);
      const fresh = kept && isFresh(kept, now()) ? kept : await this.#ask(url, kept, ask);
      goodUntil(Math.max(fresh.fetchedAtMs + listingFreshMs, now() + failureKeptMs));
      return parse(fresh.text);
    } catch (error) {
      goodUntil(now() + failureKeptMs);
      throw error;
    }
  }

  async #ask(
    url: string,
    kept: KeptListing | undefined,
    ask: (known: KeptListing | undefined) => Promise<ListingAnswer>,
  ): Promise<KeptListing> {
    const { cache, now, onStale } = this.#options;
    try {
      const answer = await ask(kept);
      const listing = { ...(answer === "unchanged" && kept ? kept : expectText(answer)), fetchedAtMs: now() };
      await cache.keepListing(url, listing);
      return listing;
    } catch (error) {
      if (!kept || !isOutOfReach(error)) throw error;
      const minutes = Math.round((now() - kept.fetchedAtMs) / 60_000);
      onStale(`${error.message}; what it offered ${minutes} minutes ago is used`);
      return kept;
    }
  }
}

/** A clock that was set back must not make an old listing fresh for years. */
function isFresh(kept: KeptListing, nowMs: number): boolean {
  return kept.fetchedAtMs <= nowMs && nowMs - kept.fetchedAtMs < listingFreshMs;
}

function expectText(answer: ListingAnswer): { text: string; etag: string } {
  if (answer === "unchanged") throw new Error("a listing that is not kept can't be unchanged");
  return answer;
}
