/** Bounds of the function library: what Go would try to do until memory ends. */
export const functionLimits = {
  /** Elements of `until`, `untilStep` and `seq`: a chart that loops a million times is a mistake. */
  sequenceLengthMax: 1_000_000,
  /** Characters of `repeat`, `indent` and of padded texts: the bound of one template's output. */
  textLengthMax: 64 * 1024 * 1024,
  /** Bytes or characters that one random function may give. */
  randomLengthMax: 1024 * 1024,
  /** Instructions of one regular expression, after repetitions are written out; Go stops at a similar size. */
  regexpProgramMax: 20_000,
  /** Instructions times characters of one search, one bit of memory each: 64 MiB. */
  regexpStatesMax: 512 * 1024 * 1024,
  /** Steps of one call of a regular expression function, some seconds: repeated searches may be quadratic. */
  regexpStepsMax: 400_000_000,
  /** Nesting of groups in a regular expression; Go's own number. */
  regexpDepthMax: 1000,
  /** Compiled regular expressions that are kept; the oldest goes first. */
  regexpCacheMax: 500,
  /** Version constraints that are kept parsed; a chart asks for the same few again and again. */
  constraintCacheMax: 500,
  /** Nesting of JSON and TOML texts and of values that are encoded or copied; a value may contain itself. */
  nestingMax: 1000,
} as const;
