/** Bounds of the service, each with its reason. */
export const limits = {
  /** A page that a person looks through. */
  pageMax: 50,
  pageDefault: 24,
  /** Products that another service asks for at once: the lines of an order. */
  idsMax: 50,
  searchCharactersMax: 100,
  nameCharactersMax: 120,
  descriptionCharactersMax: 2_000,
  /** A million of any currency; more is a slip of the hand. */
  priceCentsMax: 100_000_000,
  /** How old a cached answer may be. Changes through this replica are seen at once. */
  cacheMs: 5_000,
} as const;
