import { dataLimits } from "../limits.ts";
import { SingleFlight } from "./cache.ts";
import type { Cache } from "./cache.ts";

export interface MemoryCacheOptions {
  readonly ttlMs: number;
  /** More make room: the ones that were not used for longest go. */
  readonly entriesMax?: number;
  readonly now?: () => number;
}

interface Entry {
  readonly text: string;
  readonly until: number;
}

/** A cache in this process: fast, and each replica has its own. */
export function createCache(options: MemoryCacheOptions): Cache {
  const { ttlMs, entriesMax = dataLimits.cacheEntriesMax, now = () => performance.now() } = options;
  // A Map keeps the order in which keys were put in, so the first one is the one not used for longest.
  const entries = new Map<string, Entry>();
  const flights = new SingleFlight();

  const read = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (!entry) return undefined;
    entries.delete(key);
    if (entry.until <= now()) return undefined;
    entries.set(key, entry);
    return entry;
  };

  return {
    name: "cache",
    async fetch<T>(key: string, load: () => Promise<T>): Promise<T> {
      const entry = read(key);
      if (entry) return JSON.parse(entry.text) as T;
      return flights.run(key, async (isCurrent) => {
        const value = await load();
        const text = JSON.stringify(value);
        if (text === undefined || !isCurrent()) return value;
        entries.set(key, { text, until: now() + ttlMs });
        const [oldest] = entries.keys();
        if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest);
        return value;
      });
    },
    async delete(key) {
      flights.forget(key);
      entries.delete(key);
    },
    check: () => Promise.resolve(),
    close: async () => entries.clear(),
  };
}
