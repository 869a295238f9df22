/** Bounds of the service, each with its reason. */
export const limits = {
  /** A person has a few addresses; more is somebody who fills the table. */
  addressesMax: 20,
  textCharactersMax: 120,
  pageMax: 100,
} as const;
