import type { StoredValue, StoreEvent } from "./store.ts";

/** One write, as the log keeps it. A deletion has no value. */
export interface LogRecord {
  readonly revision: number;
  readonly key: string;
  readonly value: Buffer | undefined;
  /** The revision in which the key came into being; of a deletion, that of what was deleted. */
  readonly createdAt: number;
  /** The revision of the value before this one; 0 when there was none. */
  readonly previous: number;
}

/** Revision numbers fit 48 bits: at 10,000 writes a second they last 890 years. */
const revisionBytes = 6;
const headBytes = 1 + 2 * revisionBytes + 2;
const flagDeletion = 1;

/** Kind of write, creation, predecessor, length of the key, key, value. The revision is the key under which it is kept. */
export function encodeRecord(record: LogRecord): Buffer {
  const keyBytes = Buffer.byteLength(record.key);
  const bytes = Buffer.allocUnsafe(headBytes + keyBytes + (record.value?.length ?? 0));
  bytes.writeUInt8(record.value ? 0 : flagDeletion, 0);
  bytes.writeUIntBE(record.createdAt, 1, revisionBytes);
  bytes.writeUIntBE(record.previous, 1 + revisionBytes, revisionBytes);
  bytes.writeUInt16BE(keyBytes, headBytes - 2);
  bytes.write(record.key, headBytes);
  record.value?.copy(bytes, headBytes + keyBytes);
  return bytes;
}

export function decodeRecord(revision: number, bytes: Buffer): LogRecord {
  const keyBytes = bytes.readUInt16BE(headBytes - 2);
  return {
    revision,
    key: bytes.toString("utf8", headBytes, headBytes + keyBytes),
    value: bytes.readUInt8(0) === flagDeletion ? undefined : bytes.subarray(headBytes + keyBytes),
    createdAt: bytes.readUIntBE(1, revisionBytes),
    previous: bytes.readUIntBE(1 + revisionBytes, revisionBytes),
  };
}

export function storedValue(record: LogRecord | undefined): StoredValue | undefined {
  if (!record?.value) return undefined;
  return { key: record.key, value: record.value, createdAt: record.createdAt, modifiedAt: record.revision };
}

export function eventOf(record: LogRecord, previous: StoredValue | undefined): StoreEvent {
  return {
    type: record.value ? "put" : "delete",
    key: record.key,
    revision: record.revision,
    value: record.value,
    previous,
  };
}
