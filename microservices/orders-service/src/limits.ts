/** Bounds of the service, each with its reason. */
export const limits = {
  /** Lines of an order; the catalogue answers as many at once. */
  itemsMax: 50,
  quantityMax: 1_000,
  /** Ten million of any currency: above, somebody should call first. */
  totalCentsMax: 1_000_000_000,
  pageMax: 100,
  pageDefault: 20,
  /** The catalogue is asked while a customer waits. */
  catalogueTimeoutMs: 3_000,
  /** Orders that one turn ends; more wait for the next turn, which follows at once. */
  lateBatchMax: 100,
  latePollMs: 5_000,
} as const;
