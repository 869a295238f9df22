import type { LogRecord } from "./log-record.ts";

/**
 * What keeps the log: LMDB or memory. Everything it shows is durable. Commits come one at a time and are whole or not at all.
 */
export interface Records {
  /** At the time of opening. */
  readonly opened: { readonly revision: number; readonly compacted: number };
  /** The revision of the key's newest value. */
  readonly newest: (key: string) => number | undefined;
  readonly record: (revision: number) => LogRecord | undefined;
  /** Keys in order with the revision of their newest value. */
  readonly keys: (prefix: string, startAt: string) => Iterable<readonly [key: string, revision: number]>;
  readonly countKeys: (prefix: string, startAt: string) => number;
  /** The log in order, from the revision on. */
  readonly log: (from: number, to: number) => Iterable<LogRecord>;
  readonly commit: (records: readonly LogRecord[]) => Promise<void>;
  /** Removes the values that were replaced or deleted up to the revision. */
  readonly forget: (upTo: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The first key after all that begin with the prefix. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
