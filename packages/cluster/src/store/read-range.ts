import { storedValue } from "./log-record.ts";
import { endOfPrefix, type Records } from "./records.ts";
import { compactedError, futureError, type Range, type RangeQuery, type StoredValue } from "./store.ts";

/** Where the store stands when it is asked. */
interface Standing {
  readonly revision: number;
  readonly compacted: number;
}

export function readRange(records: Records, query: RangeQuery, standing: Standing): Range {
  const revision = query.revision ?? standing.revision;
  if (revision > standing.revision) throw futureError(revision, standing.revision);
  if (revision < standing.compacted) throw compactedError(revision, standing.compacted);
  return revision === standing.revision
    ? rangeNow(records, query, revision)
    : rangeThen(records, query, { revision, now: standing.revision });
}

function rangeNow(records: Records, query: RangeQuery, revision: number): Range {
  const limit = query.limit ?? Infinity;
  const values: StoredValue[] = [];
  for (const [key, at] of records.keys(query.prefix, query.startAt ?? query.prefix)) {
    if (values.length >= limit) return { revision, values, next: key, remaining: records.countKeys(query.prefix, key) };
    const value = storedValue(records.record(at));
    if (value) values.push(value);
  }
  return { revision, values, next: undefined, remaining: 0 };
}

/** Values of today that were there already, their predecessors, and what was deleted since. */
function rangeThen(records: Records, query: RangeQuery, { revision, now }: { revision: number; now: number }): Range {
  const startAt = query.startAt ?? query.prefix;
  const found = new Map<string, StoredValue>();
  for (const [key, at] of records.keys(query.prefix, startAt)) {
    const value = valueThen(records, at, revision);
    if (value) found.set(key, value);
  }
  const end = endOfPrefix(query.prefix);
  for (const record of records.log(revision + 1, now)) {
    if (record.value || !record.key.startsWith(query.prefix) || found.has(record.key)) continue;
    if (Buffer.compare(Buffer.from(record.key), Buffer.from(startAt)) < 0 || record.key >= end) continue;
    const value = valueThen(records, record.previous, revision);
    if (value) found.set(record.key, value);
  }
  const all = [...found.values()].toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  const values = all.slice(0, query.limit ?? all.length);
  return { revision, values, next: all[values.length]?.key, remaining: all.length - values.length };
}

/** Follows the predecessors back to the value of that time; a key that began later, or anew, has none. */
function valueThen(records: Records, newest: number, revision: number): StoredValue | undefined {
  let at = newest;
  while (at > revision) at = records.record(at)?.previous ?? 0;
  return at === 0 ? undefined : storedValue(records.record(at));
}
