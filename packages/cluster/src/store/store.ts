/**
 * A log of revisions over keys: one global revision, compare and write, durable before it is acknowledged, watchable from every
 * revision that is not compacted yet. Values are bytes; the store knows nothing of Kubernetes.
 */
export interface Store {
  /** The revision of the newest durable write. */
  readonly revision: number;
  /** The oldest revision that can still be asked for. */
  readonly compacted: number;
  readonly get: (key: string) => StoredValue | undefined;
  /** In key order. `next` is the key to go on from when there is more. */
  readonly range: (query: RangeQuery) => Range;
  readonly count: (prefix: string) => number;
  /** Resolves when the write is durable. Writes to one key are decided one after another, never lost. */
  readonly write: (write: Write) => Promise<WriteOutcome>;
  /**
   * Everything that happened to keys of the prefix after the revision, then whatever happens; calls come in order of revision. A prefix
   * is empty, ends with a slash, or is a whole key.
   */
  readonly watch: (prefix: string, after: number, listener: WatchListener) => WatchHandle;
  /** Forgets what only revisions up to this one need; later reads of them are refused. */
  readonly compact: (revision: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface StoredValue {
  readonly key: string;
  readonly value: Buffer;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface RangeQuery {
  readonly prefix: string;
  readonly startAt?: string;
  readonly limit?: number;
  /** As it was then. Refused with `compacted` when forgotten, with `future` when not yet reached. */
  readonly revision?: number;
}

export interface Range {
  readonly revision: number;
  readonly values: readonly StoredValue[];
  readonly next: string | undefined;
  readonly remaining: number;
}

export interface Write {
  readonly key: string;
  /**
   * Decides on the newest value, also one whose durability is still on its way: the bytes to write, `"delete"`, or `"keep"` to change
   * nothing. It gets the revision that the write will have, so that the value can contain it. What it throws rejects the write.
   */
  readonly decide: (current: StoredValue | undefined, revision: number) => Buffer | "delete" | "keep";
}

export type WriteOutcome =
  | { readonly kind: "written"; readonly stored: StoredValue }
  /** `lastValue` is what was there; `revision` is that of the deletion. */
  | { readonly kind: "deleted"; readonly lastValue: StoredValue; readonly revision: number }
  | { readonly kind: "kept"; readonly current: StoredValue | undefined };

export interface StoreEvent {
  readonly type: "put" | "delete";
  readonly key: string;
  readonly revision: number;
  /** Of a deletion: none. */
  readonly value: Buffer | undefined;
  readonly previous: StoredValue | undefined;
}

export interface WatchListener {
  readonly onEvents: (events: readonly StoreEvent[]) => void;
  /** The watch has ended, because the revisions it needs are forgotten or the store closes. */
  readonly onEnd: (reason: "compacted" | "closed") => void;
}

export interface WatchHandle {
  readonly stop: () => void;
}

export type StoreErrorCode = "compacted" | "future" | "closed" | "full" | "corrupt" | "locked";

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.code = code;
  }
}

export function compactedError(asked: number, compacted: number): StoreError {
  return new StoreError(
    "compacted",
    `Revision ${asked} is forgotten; the oldest that is kept is ${compacted}. List again and watch from there.`,
  );
}

export function futureError(asked: number, newest: number): StoreError {
  return new StoreError("future", `Revision ${asked} has not happened yet; the newest is ${newest}.`);
}
