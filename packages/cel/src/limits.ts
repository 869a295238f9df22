/** How deep an expression may nest; deeper ones are refused before they can exhaust the stack. */
export const EXPRESSION_DEPTH_MAX = 250;

/** Characters that an expression may have; the parser refuses longer ones. */
export const EXPRESSION_CHARACTERS_MAX = 100_000;

/** Work that one evaluation may do when nobody says otherwise, in the units of Kubernetes; above it the evaluation stops. */
export const CALL_COST_MAX = 1_000_000;

/** Characters of a regular expression; compiling longer ones is refused. */
export const PATTERN_CHARACTERS_MAX = 10_000;

/** Compiled patterns that are kept; the oldest go when there are more. */
export const PATTERNS_KEPT_MAX = 200;
