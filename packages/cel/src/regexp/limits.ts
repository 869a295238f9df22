/** Bounds of regular expressions, which come from users and run on the text of others. */
export const functionLimits = {
  /** Instructions of one compiled expression; repetitions multiply them. */
  regexpProgramMax: 20_000,
  /** States that a match may remember, in bits; a match never takes longer than text times program. */
  regexpStatesMax: 64 * 1024 * 1024,
  /** Steps of one match, after which it is given up. */
  regexpStepsMax: 50_000_000,
  /** Nesting of groups. */
  regexpDepthMax: 1000,
  /** Compiled expressions that are kept. */
  regexpCacheMax: 500,
};
