/** What one evaluation of a rule may cost, about a tenth of a second; then the rule fails. */
export const CALL_COST_MAX = 1_000_000;

/** What all rules of one object may cost together; those that are left are not evaluated, and the object is refused. */
export const OBJECT_COST_MAX = 10_000_000;

/** The most that a rule may be estimated to cost; a definition with a more expensive one is refused. */
export const RULE_ESTIMATE_MAX = 10_000_000;

/** The most that all rules of a version may be estimated to cost together. */
export const SCHEMA_ESTIMATE_MAX = 100_000_000;

/** No object can be larger, so that nothing in it can be. */
export const REQUEST_BYTES_MAX = 3 * 1024 * 1024;

/** Bytes of a message that an expression makes; longer ones are left out. */
export const MESSAGE_BYTES_MAX = 5 * 1024;
