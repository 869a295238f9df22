/** Bounds of the service, each with its reason. */
export const limits = {
  /** Lines of an order. */
  itemsMax: 50,
  /** Of one product in one order; whoever wants more calls. */
  quantityMax: 1_000,
  /** More is a slip of the hand. */
  restockMax: 1_000_000,
  /** Reservations that one turn gives back; more wait for the next turn, which follows at once. */
  expiredBatchMax: 100,
  expiryPollMs: 1_000,
} as const;
