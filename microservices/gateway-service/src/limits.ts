/** Bounds of the service, each with its reason. */
export const limits = {
  /** For each client address; a page with all its pictures and calls is well below. */
  requestsPerSecond: 50,
  requestBurst: 150,
  /** Nothing that the shop takes is larger; each service has bounds of its own below this one. */
  bodyBytesMax: 256 * 1024,
  /** How long somebody in front of a screen waits; services hear how much of it is left. */
  upstreamTimeoutMs: 10_000,
  /** The document of all services is made anew after this long. */
  documentMs: 10_000,
  documentTimeoutMs: 2_000,
} as const;
