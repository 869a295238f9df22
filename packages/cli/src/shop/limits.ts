/** Bounds of the shop on this machine, each with its reason. */
export const shopLimits = {
  /** From the first process to the last one that is ready; a slow disk needs seconds for a new database. */
  startTimeoutMs: 90_000,
  /** Between looks at what is starting or stopping. */
  pollMs: 40,
  /** A service gets this long to end by itself, as the ones in a cluster do. */
  stopTimeoutMs: 50_000,
  /** Between the end of a service and its next start; grows while it keeps ending. */
  restartBaseMs: 100,
  restartCapMs: 5_000,
  /** A service that ran this long is started again at once. */
  steadyMs: 10_000,
  /** How often the database is looked at; the other services wait for it meanwhile. */
  databaseWatchMs: 250,
  /** Kept for `shop order` and curious people; the oldest traces go first. */
  tracesMax: 500,
  spansPerTraceMax: 2_000,
  collectorBodyBytesMax: 8 * 1024 * 1024,
  /** An order is decided within seconds; a provider that fails takes longer. */
  orderTimeoutMs: 60_000,
  /** Spans are sent once a second; when none came for this long, the trace is taken to be whole. */
  traceQuietMs: 1_500,
  traceTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
} as const;
