// Bounds of parsing and execution. Each ends in a TemplateError of code "limit" that names template and line.

export interface TemplateLimits {
  /** Characters that one execution may write, included templates counted too. */
  readonly outputLengthMax: number;
  /** Nodes that one execution may evaluate: stops templates that loop. */
  readonly stepsMax: number;
  /** Templates within templates, `include` and `tpl` counted too. */
  readonly depthMax: number;
}

export const defaultLimits: TemplateLimits = {
  // Four times what an API server's store takes for all the objects of a large chart.
  outputLengthMax: 64 * 1024 * 1024,
  // The largest public charts use some 100,000; this many take a few seconds.
  stepsMax: 20_000_000,
  // Go stops at 100,000 on a stack that grows. Ours is fixed; charts that people wrote stay below 50.
  depthMax: 1_200,
};

/** Characters of one template file. Helm refuses files over 5 MiB. */
export const templateLengthMax = 5 * 1024 * 1024;

/** Nested parentheses; Go allows 10,000 on a stack that grows. */
export const parenthesesDepthMax = 500;

/** Nested if, with, range, block and define. Go has no bound; its stack grows. */
export const blockDepthMax = 1_000;

/** Widths and precisions in formats, the bound of Go's fmt. */
export const formatWidthMax = 1_000_000;

/** Nesting of values that are printed: a cyclic value (a map set into itself) must not overflow the stack. */
export const printDepthMax = 1_000;

/** Parsed templates that a cache keeps; the one unused for longest goes first. */
export const cachedTemplatesMax = 4_096;
