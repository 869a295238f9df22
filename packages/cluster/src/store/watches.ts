import { replayChunkRecords } from "./limits.ts";
import { eventOf, storedValue, type LogRecord } from "./log-record.ts";
import type { Records } from "./records.ts";
import type { StoreEvent, WatchHandle, WatchListener } from "./store.ts";

/** Everyone who watches. A watch that begins in the past first replays the log, then joins those who are told of each commit. */
export class Watches {
  readonly #records: Records;
  /** By prefix, so that a write is offered only to those whose prefix its key has. */
  readonly #live = new Map<string, Set<WatchListener>>();
  readonly #replays = new Set<Replay>();
  #revision: number;

  constructor(records: Records) {
    this.#records = records;
    this.#revision = records.opened.revision;
  }

  add(prefix: string, span: { readonly after: number; readonly until: number }, listener: WatchListener): WatchHandle {
    if (span.after >= span.until) {
      this.#join(prefix, listener);
      return { stop: () => this.#leave(prefix, listener) };
    }
    const replay: Replay = { prefix, listener, next: span.after + 1, isStopped: false };
    this.#replays.add(replay);
    this.#goOn(replay);
    return {
      stop: () => {
        replay.isStopped = true;
        this.#replays.delete(replay);
        this.#leave(prefix, listener);
      },
    };
  }

  publish(events: readonly StoreEvent[]): void {
    this.#revision = events.at(-1)?.revision ?? this.#revision;
    const told = new Map<WatchListener, StoreEvent[]>();
    for (const event of events) {
      for (const prefix of prefixesOf(event.key)) {
        for (const listener of this.#live.get(prefix) ?? []) {
          const list = told.get(listener);
          if (list) list.push(event);
          else told.set(listener, [event]);
        }
      }
    }
    for (const [listener, list] of told) listener.onEvents(list);
  }

  /** A replay that still has to read what is about to be forgotten. */
  endOlderThan(revision: number): void {
    for (const replay of this.#replays) {
      if (replay.next > revision) continue;
      replay.isStopped = true;
      this.#replays.delete(replay);
      replay.listener.onEnd("compacted");
    }
  }

  endAll(reason: "closed"): void {
    const all = [
      ...[...this.#live.values()].flatMap((listeners) => [...listeners]),
      ...[...this.#replays].map(({ listener }) => listener),
    ];
    for (const replay of this.#replays) replay.isStopped = true;
    this.#replays.clear();
    this.#live.clear();
    for (const listener of all) listener.onEnd(reason);
  }

  #goOn(replay: Replay): void {
    setImmediate(() => {
      if (replay.isStopped) return;
      const until = Math.min(this.#revision, replay.next + replayChunkRecords - 1);
      const events: StoreEvent[] = [];
      for (const record of this.#records.log(replay.next, until)) {
        if (record.key.startsWith(replay.prefix)) events.push(this.#replayed(record));
      }
      replay.next = until + 1;
      if (events.length > 0) replay.listener.onEvents(events);
      if (replay.isStopped) return;
      if (replay.next <= this.#revision) return this.#goOn(replay);
      this.#replays.delete(replay);
      this.#join(replay.prefix, replay.listener);
    });
  }

  #replayed(record: LogRecord): StoreEvent {
    return eventOf(record, record.previous === 0 ? undefined : storedValue(this.#records.record(record.previous)));
  }

  #join(prefix: string, listener: WatchListener): void {
    const listeners = this.#live.get(prefix);
    if (listeners) listeners.add(listener);
    else this.#live.set(prefix, new Set([listener]));
  }

  #leave(prefix: string, listener: WatchListener): void {
    const listeners = this.#live.get(prefix);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#live.delete(prefix);
  }
}

interface Replay {
  readonly prefix: string;
  readonly listener: WatchListener;
  next: number;
  isStopped: boolean;
}

/** The prefixes that can be watched: the empty one, each that ends with a slash, and the key itself. */
function prefixesOf(key: string): readonly string[] {
  const prefixes = ["", key];
  for (let slash = key.indexOf("/"); slash !== -1; slash = key.indexOf("/", slash + 1)) {
    if (slash < key.length - 1) prefixes.push(key.slice(0, slash + 1));
  }
  return prefixes;
}
