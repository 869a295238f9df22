/** Bounds of the proof, each with its reason. */
export const limits = {
  ordersMax: 100_000,
  /** Orders that are being placed at the same time. */
  placingAtOnce: 24,
  customers: 5,
  itemsMax: 3,
  quantityMax: 4,
  /** Everybody tries again this long; a database that was killed is back within a second or two. */
  patienceMs: 240_000,
  retryMs: 100,
  /** After an act the next one waits this long for the shop to serve somebody. */
  mercyMs: 30_000,
  /** From the last order to the last word about it: retries, expired reservations and money on its way back. */
  settleTimeoutMs: 240_000,
  pollMs: 250,
  startTimeoutMs: 120_000,
  stopTimeoutMs: 90_000,
  requestTimeoutMs: 10_000,
  /** How long customers look at their order before they go; the shop would drown in orders that nobody waits for. */
  watchMs: 4_000,
  watchPollMs: 250,
  /** Kept for orders; short, so that some expire while something is down. */
  reservationSeconds: 45,
  /** Goods for each order on the average; of every third product there is too little. */
  goodsPerOrder: 6,
} as const;
