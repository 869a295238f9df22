import { batchBytesMax, batchWritesMax, keyBytesMax, waitingWritesMax } from "./limits.ts";
import { eventOf, storedValue, type LogRecord } from "./log-record.ts";
import type { Records } from "./records.ts";
import { readRange } from "./read-range.ts";
import {
  compactedError,
  futureError,
  StoreError,
  type Store,
  type StoreEvent,
  type StoredValue,
  type Write,
  type WriteOutcome,
} from "./store.ts";
import { Watches } from "./watches.ts";

/**
 * Decides writes at once, in the order in which they come, and commits them in batches: while one batch is being flushed the next one
 * gathers. Readers and watchers see a write when it is durable; a write that follows on the same key sees it before.
 */
export function revisionStore(records: Records): Store {
  return new RevisionStore(records);
}

interface Waiting {
  readonly record: LogRecord;
  readonly previous: StoredValue | undefined;
  readonly resolve: (outcome: WriteOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The newest of some writes by key. Made for each batch anew, nothing is ever taken from it: V8 links the tables of a map that shrinks and grows,
 * and one of them that has become old keeps all that came after it, values too, until the next collection of the whole heap.
 */
type Newest = Map<string, LogRecord>;

class RevisionStore implements Store {
  revision: number;
  compacted: number;
  readonly #records: Records;
  readonly #watches: Watches;
  #ofWaiting: Newest = new Map();
  #ofBatch: Newest = new Map();
  #decidedRevision: number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #isClosed = false;

  constructor(records: Records) {
    this.#records = records;
    this.revision = records.opened.revision;
    this.compacted = records.opened.compacted;
    this.#decidedRevision = this.revision;
    this.#watches = new Watches(records);
  }

  get(key: string): StoredValue | undefined {
    this.#refuseWhenClosed();
    const revision = this.#records.newest(key);
    return revision === undefined ? undefined : storedValue(this.#records.record(revision));
  }

  range(query: Parameters<Store["range"]>[0]): ReturnType<Store["range"]> {
    this.#refuseWhenClosed();
    return readRange(this.#records, query, this);
  }

  count(prefix: string): number {
    this.#refuseWhenClosed();
    return this.#records.countKeys(prefix, prefix);
  }

  async write(write: Write): Promise<WriteOutcome> {
    this.#refuseWhenClosed();
    if (Buffer.byteLength(write.key) > keyBytesMax)
      throw new StoreError("full", `The key ${write.key.slice(0, 60)}… is longer than ${keyBytesMax} bytes.`);
    if (this.#waiting.length >= waitingWritesMax)
      throw new StoreError("full", `${waitingWritesMax} writes already wait for the disk. Try again in a moment.`);
    const decided = this.#ofWaiting.get(write.key) ?? this.#ofBatch.get(write.key);
    const current = decided ? storedValue(decided) : this.get(write.key);
    const revision = this.#decidedRevision + 1;
    const value = write.decide(current, revision);
    if (value === "keep" || (value === "delete" && !current)) return this.#keep(current, decided?.revision ?? 0);
    const record: LogRecord = {
      revision,
      key: write.key,
      value: value === "delete" ? undefined : value,
      createdAt: current?.createdAt ?? revision,
      previous: current?.modifiedAt ?? 0,
    };
    this.#decidedRevision = revision;
    this.#ofWaiting.set(write.key, record);
    return new Promise<WriteOutcome>((resolve, reject) => {
      this.#waiting.push({ record, previous: current, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  watch(...[prefix, after, listener]: Parameters<Store["watch"]>): ReturnType<Store["watch"]> {
    this.#refuseWhenClosed();
    if (after < this.compacted) throw compactedError(after, this.compacted);
    return this.#watches.add(prefix, { after, until: this.revision }, listener);
  }

  async compact(revision: number): Promise<void> {
    this.#refuseWhenClosed();
    if (revision > this.revision) throw futureError(revision, this.revision);
    if (revision <= this.compacted) return;
    // From here on nobody begins to read what is about to go.
    this.compacted = revision;
    this.#watches.endOlderThan(revision);
    await this.#records.forget(revision);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#flushing;
    this.#watches.endAll("closed");
    await this.#records.close();
  }

  /** What the caller is told must not be undone by a crash, even if it is another's write that is still on its way. */
  async #keep(current: StoredValue | undefined, revision: number): Promise<WriteOutcome> {
    while (this.revision < revision) {
      if (!this.#flushing)
        throw new StoreError("full", "The write that this answer rests on did not reach the disk. Try again.");
      await this.#flushing;
    }
    return { kind: "kept", current };
  }

  async #flush(): Promise<void> {
    // Whoever writes in the same turn still joins the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#records.commit(batch.map(({ record }) => record));
      } catch (error) {
        this.#rejectAll(batch, error);
        continue;
      }
      this.#publish(batch);
    }
    this.#flushing = undefined;
  }

  #takeBatch(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#waiting) {
      if (count >= batchWritesMax || (count > 0 && bytes > batchBytesMax)) break;
      bytes += record.value?.length ?? 0;
      count++;
    }
    const batch = this.#waiting.splice(0, count);
    const isAll = this.#waiting.length === 0;
    this.#ofBatch = isAll ? this.#ofWaiting : newestOf(batch);
    this.#ofWaiting = isAll ? new Map() : newestOf(this.#waiting);
    return batch;
  }

  #publish(batch: readonly Waiting[]): void {
    const events: StoreEvent[] = [];
    this.#ofBatch = new Map();
    for (const { record, previous } of batch) {
      this.revision = record.revision;
      events.push(eventOf(record, previous));
    }
    for (const waiting of batch) waiting.resolve(outcomeOf(waiting));
    this.#watches.publish(events);
  }

  /** Later writes were decided on what now never happened, so they go with it, and their revisions are given again. */
  #rejectAll(batch: readonly Waiting[], error: unknown): void {
    const all = [...batch, ...this.#waiting.splice(0)];
    this.#ofWaiting = new Map();
    this.#ofBatch = new Map();
    this.#decidedRevision = this.revision;
    for (const { reject } of all) reject(error);
  }

  #refuseWhenClosed(): void {
    if (this.#isClosed) throw new StoreError("closed", "The store is closed.");
  }
}

function newestOf(waiting: readonly Waiting[]): Newest {
  return new Map(waiting.map(({ record }) => [record.key, record]));
}

function outcomeOf({ record, previous }: Waiting): WriteOutcome {
  const stored = storedValue(record);
  if (stored) return { kind: "written", stored };
  if (!previous)
    throw new StoreError("corrupt", `Revision ${record.revision} deleted ${record.key}, which was not there.`);
  return { kind: "deleted", lastValue: previous, revision: record.revision };
}
