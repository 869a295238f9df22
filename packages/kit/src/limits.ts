/** Bounds of the kit, each with its reason and what happens when it is reached. */
export const limits = {
  /** A JSON request is a form, not a file; more is answered with 413. */
  bodyBytesMax: 256 * 1024,
  /** Deeper JSON is an attack on whoever walks it; answered with 400. */
  bodyDepthMax: 64,
  /** Node closes the connection with 431 above it. */
  headerBytesMax: 16 * 1024,
  /** Somebody who needs longer for the headers holds a connection for nothing. */
  headersTimeoutMs: 10_000,
  /** The whole request, body included: a slow sender can't hold a worker. */
  requestReceiveTimeoutMs: 30_000,
  /** A handler that takes longer is answered for with 503, its signal is aborted. */
  handlerTimeoutMs: 15_000,
  /** How late a deadline may be noticed. */
  deadlineTickMs: 10,
  /** Longer than clients and load balancers keep theirs, so that they close first. */
  keepAliveTimeoutMs: 65_000,
  /** How long a readiness check may take before the dependency counts as gone. */
  readinessTimeoutMs: 2_000,
  /** A metric with more series than this has an unbounded label; further ones are counted and dropped. */
  seriesMax: 2_000,
  /** Spans waiting for the collector; further ones are counted and dropped, never waited for. */
  spanQueueMax: 2_048,
  spanBatchMax: 512,
  spanFlushMs: 1_000,
  spanExportTimeoutMs: 5_000,
  /** A response that a client reads into memory. */
  clientResponseBytesMax: 4 * 1024 * 1024,
  clientSocketsMax: 128,
  /** Shorter than any server's, so that a reused connection is never one that was just closed. */
  clientIdleSocketMs: 4_000,
  clientTimeoutMs: 5_000,
  clientRetriesMax: 5,
  retryBaseMs: 50,
  retryCapMs: 1_000,
  /** Callers remembered by a rate limiter; the ones seen longest ago are forgotten first. */
  rateKeysMax: 10_000,
  /** Fetched keys are believed for this long; an unknown key id asks earlier, but not more often than the cooldown. */
  jwksMaxAgeMs: 10 * 60_000,
  jwksCooldownMs: 5_000,
  jwksTimeoutMs: 3_000,
  /** A token is a few hundred bytes; longer ones are not even parsed. */
  tokenCharactersMax: 8_192,
  /** Clocks differ a little between machines. */
  clockToleranceSeconds: 5,
  /** From the signal to the end: Kubernetes kills after its grace period of 45 s. */
  shutdownSeconds: 45,
  /** Between attempts to start what a service needs (migrations, subscriptions). */
  startRetryMs: 250,
  startRetryCapMs: 5_000,
} as const;

/** Bounds of what keeps and carries data. */
export const dataLimits = {
  poolMax: 10,
  /** Waiting longer for a connection than a request may take helps nobody. */
  connectTimeoutMs: 5_000,
  /** Shorter than the time of a request, so that the statement ends before its caller has gone. */
  statementTimeoutMs: 10_000,
  idleConnectionMs: 30_000,
  /** A transaction that waits for its program holds locks for nothing. */
  idleTransactionMs: 15_000,
  /** Transactions that lost against others (serialisation, deadlock) are run again this often. */
  transactionAttemptsMax: 5,
  transactionRetryBaseMs: 5,
  /** Another replica may hold the lock while it migrates. */
  migrationLockTimeoutMs: 60_000,
  migrationTimeoutMs: 120_000,
  /** Events that one turn of the relay takes; more wait for the next turn. */
  outboxBatchMax: 200,
  /** Somebody else's relay was at work, or the wake-up got lost: then it is looked again. */
  outboxPollMs: 500,
  /** Between turns of something in the background that fails (a database that starts again needs a second). */
  backgroundRetryBaseMs: 50,
  backgroundRetryCapMs: 2_000,
  /** A CloudEvent should fit into 64 KiB to be forwarded by everybody (CloudEvents 1.0, size limits). */
  eventBytesMax: 64 * 1024,
  /** Deliveries that a subscription works on at the same time, each of another subject. */
  deliveryBatchMax: 16,
  /** How long a retry that nobody announces may lie around. */
  deliveryPollMs: 500,
  deliveryTimeoutMs: 20_000,
  /** With the pauses between them, attempts span about two minutes; then it is a dead letter. */
  deliveryAttemptsMax: 12,
  deliveryRetryBaseMs: 50,
  deliveryRetryCapMs: 20_000,
  /** Dead letters that a list shows or a replay takes at once. */
  deadLettersMax: 1_000,
  /** Streams of NATS are cut at both; the oldest go first. */
  streamBytesMax: 256 * 1024 * 1024,
  eventRetentionMs: 7 * 24 * 3_600_000,
  /** What is older is forgotten: no transport delivers again after that. */
  inboxRetentionMs: 8 * 24 * 3_600_000,
  pruneEveryMs: 10 * 60_000,
  /** As long as clients may repeat a request. */
  idempotencyRetentionMs: 24 * 3_600_000,
  idempotencyKeyCharactersMax: 200,
  /** A duplicate waits this long for the first one, then is told to come again. */
  idempotencyWaitMs: 5_000,
  cacheEntriesMax: 10_000,
  /** A cache that is slow is worse than none. */
  cacheTimeoutMs: 250,
} as const;
