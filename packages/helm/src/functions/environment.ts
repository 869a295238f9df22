/** What template functions may ask from outside. */
export interface HelmEnvironment {
  /** The present time, in milliseconds since 1970. */
  readonly now: () => number;
  /** That many random bytes; keys, passwords and identifiers are made of them alone. */
  readonly randomBytes: (count: number) => Uint8Array;
}
