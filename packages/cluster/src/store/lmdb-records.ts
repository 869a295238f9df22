import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open, type Database, type RootDatabase } from "lmdb";
import { DiskRoom } from "./disk-room.ts";
import { takeFolder } from "./folder-lock.ts";
import { forgetChunkRecords, pageBytes } from "./limits.ts";
import { decodeRecord, encodeRecord, type LogRecord } from "./log-record.ts";
import { endOfPrefix, type Records } from "./records.ts";
import { StoreError } from "./store.ts";

/** Raised when what is on disk can't be read by older programs any more. The page on the format says what each is. */
const formatVersion = 1;

/**
 * The log on disk: `log` from revision to record, `newest` from key to revision, `meta`. A commit is one transaction, flushed before it is
 * acknowledged and before anybody can read it.
 */
export function lmdbRecords(folder: string): Records {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = takeFolder(folder);
  let root: RootDatabase | undefined;
  try {
    root = open({
      path: join(folder, "store.lmdb"),
      maxDbs: 4,
      // Without it a commit is acknowledged before it is flushed.
      overlappingSync: false,
      // A commit is our own batch: nothing waits for the end of the event turn.
      eventTurnBatching: false,
    });
    return recordsOf(root, new DiskRoom(folder), release);
  } catch (error) {
    void root?.close();
    release();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      "corrupt",
      `The store in ${folder} can't be opened. Restore it from a copy, or remove it to start empty.`,
      error,
    );
  }
}

function recordsOf(root: RootDatabase, disk: DiskRoom, release: () => void): Records {
  const log: Database<Buffer, number> = root.openDB({ name: "log", encoding: "binary" });
  const newest: Database<Buffer, string> = root.openDB({ name: "newest", encoding: "binary" });
  const meta: Database<number, string> = root.openDB({ name: "meta", encoding: "ordered-binary" });
  checkFormat(meta);
  const record = (revision: number): LogRecord | undefined => {
    const bytes = log.getBinary(revision);
    return bytes === undefined ? undefined : decodeRecord(revision, bytes);
  };
  return {
    opened: { revision: Math.max(lastKey(log), meta.get("revision") ?? 0), compacted: meta.get("compacted") ?? 0 },
    newest: (key) => {
      const bytes = newest.getBinaryFast(key);
      return bytes === undefined ? undefined : bytes.readUIntBE(0, 6);
    },
    record,
    keys: function* (prefix, startAt) {
      for (const { key, value } of newest.getRange({ start: startAt, end: endOfPrefix(prefix) }))
        yield [key, value.readUIntBE(0, 6)];
    },
    countKeys: (prefix, startAt) => newest.getKeysCount({ start: startAt, end: endOfPrefix(prefix) }),
    log: function* (from, to) {
      for (const { key, value } of log.getRange({ start: from, end: to + 1 })) yield decodeRecord(key, value);
    },
    commit: async (records) => {
      disk.take(bytesOf(records));
      await inTransaction(root, () => {
        for (const each of records) {
          void log.put(each.revision, encodeRecord(each));
          if (each.value) void newest.put(each.key, revisionBytes(each.revision));
          else void newest.remove(each.key);
        }
      });
    },
    forget: (upTo) => forget({ root, disk, log, meta, upTo, record }),
    close: async () => {
      await root.close();
      release();
    },
  };
}

function bytesOf(records: readonly LogRecord[]): number {
  let bytes = 0;
  for (const { value } of records) bytes += value?.length ?? 0;
  return bytes;
}

interface Forgetting {
  readonly root: RootDatabase;
  readonly disk: DiskRoom;
  readonly log: Database<Buffer, number>;
  readonly meta: Database<number, string>;
  readonly upTo: number;
  readonly record: (revision: number) => LogRecord | undefined;
}

/** In pieces; each is whole, so that a compaction that is cut off goes on at the next. */
async function forget({ root, disk, log, meta, upTo, record }: Forgetting): Promise<void> {
  for (let done = meta.get("compacted") ?? 0; done < upTo;) {
    const end = Math.min(upTo, done + forgetChunkRecords);
    const gone: number[] = [];
    for (let revision = done + 1; revision <= end; revision++) {
      const each = record(revision);
      if (each && each.previous > 0) gone.push(each.previous);
      if (each && !each.value) gone.push(revision);
    }
    disk.take(gone.length * pageBytes);
    await inTransaction(root, () => {
      for (const revision of gone) void log.remove(revision);
      void meta.put("compacted", end);
      // The last record may be a deletion that is forgotten now; its number is never given again.
      void meta.put("revision", Math.max(lastKey(log), end));
    });
    done = end;
  }
}

/** All of it or nothing; the promise is kept when it is flushed. */
async function inTransaction(root: RootDatabase, puts: () => void): Promise<void> {
  try {
    await root.batch(puts);
  } catch (error) {
    const cause = await commitError(error);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(
      "full",
      `The disk didn't take a write: ${reason}. Free some space; what was acknowledged before is safe.`,
      cause,
    );
  }
}

/** LMDB's binding tells the reason of a failed commit by a second promise, which is rejected with it. */
async function commitError(failure: unknown): Promise<unknown> {
  if (!(failure instanceof Error) || !("commitError" in failure)) return failure;
  try {
    await failure.commitError;
    return failure;
  } catch (reason) {
    return reason;
  }
}

function checkFormat(meta: Database<number, string>): void {
  const found = meta.get("format");
  if (found === undefined) {
    meta.putSync("format", formatVersion);
    return;
  }
  if (found !== formatVersion)
    throw new StoreError(
      "corrupt",
      `The store has format ${found}, this program reads ${formatVersion}. Use the Fairway that wrote it.`,
    );
}

function lastKey(log: Database<Buffer, number>): number {
  for (const revision of log.getKeys({ reverse: true, limit: 1 })) return revision;
  return 0;
}

function revisionBytes(revision: number): Buffer {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUIntBE(revision, 0, 6);
  return bytes;
}
