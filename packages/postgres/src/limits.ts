/** Bounds of the package, each with its reason and what happens when it is reached. */
export const limits = {
  /** A slow disk needs seconds to make a database cluster; after this the start fails with the end of the log. */
  initTimeoutMs: 120_000,
  /** Recovery after a crash reads the log of changes since the last checkpoint, which settings keep small. */
  startTimeoutMs: 60_000,
  /** From a polite stop to a hard one: open transactions are rolled back at once, the final checkpoint takes time. */
  stopTimeoutMs: 30_000,
  /** How often the state file is looked at. It is one small file, and starting takes tens of milliseconds. */
  pollMs: 20,
  /** How long the port of the last start is waited for; then another one is taken. */
  samePortTimeoutMs: 10_000,
  /** What is repeated of a log in an error. */
  logTailBytes: 4 * 1024,
  /**
   * Free ports can be taken by others between looking and starting, and processes of a killed server end a little later: so
   * it is tried again, for some seconds, but not for ever.
   */
  portAttemptsMax: 10,
  /** More names than this are a mistake: each one is a role and a database. */
  databasesMax: 64,
} as const;
