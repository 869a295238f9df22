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
