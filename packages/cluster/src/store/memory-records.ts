import type { LogRecord } from "./log-record.ts";
import type { Records } from "./records.ts";

/** The log in memory, gone with the process. */
export function memoryRecords(): Records {
  const log = new Map<number, LogRecord>();
  const newest = new Map<string, number>();
  let sortedKeys: string[] = [];
  let sorted = true;
  let compacted = 0;
  const keysFrom = (startAt: string): readonly string[] => {
    if (!sorted) sortedKeys = [...newest.keys()].toSorted(byBytes);
    sorted = true;
    return sortedKeys.slice(firstAtLeast(sortedKeys, startAt));
  };
  const keys = function* (prefix: string, startAt: string): Iterable<readonly [string, number]> {
    for (const key of keysFrom(startAt)) {
      if (!key.startsWith(prefix)) return;
      const revision = newest.get(key);
      if (revision !== undefined) yield [key, revision];
    }
  };
  return {
    opened: { revision: 0, compacted: 0 },
    newest: (key) => newest.get(key),
    record: (revision) => log.get(revision),
    keys,
    countKeys: (prefix, startAt) => [...keys(prefix, startAt)].length,
    log: function* (from, to) {
      for (let revision = from; revision <= to; revision++) {
        const record = log.get(revision);
        if (record) yield record;
      }
    },
    commit: async (records) => {
      for (const record of records) {
        log.set(record.revision, record);
        if (newest.has(record.key) !== (record.value !== undefined)) sorted = false;
        if (record.value) newest.set(record.key, record.revision);
        else newest.delete(record.key);
      }
    },
    forget: async (upTo) => {
      for (let revision = compacted + 1; revision <= upTo; revision++) {
        const record = log.get(revision);
        if (!record) continue;
        log.delete(record.previous);
        if (!record.value) log.delete(revision);
      }
      compacted = upTo;
    },
    close: async () => undefined,
  };
}

function firstAtLeast(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byBytes(keys[middle] ?? "", wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As LMDB orders them; JavaScript's own order differs beyond the basic plane. */
function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
