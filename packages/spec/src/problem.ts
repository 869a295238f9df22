/** One thing that is wrong with a description, with all that a person needs to mend it. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly code: ProblemCode;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The field, as `spec.release.steps[0].weight`; empty for the file itself. */
  readonly path: string;
  /** A sentence without the place. */
  readonly message: string;
  /** What stands there: `the text "two"`. */
  readonly found?: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** The nearest valid name. */
  readonly suggestion?: string;
}

export type ProblemCode =
  | "yaml"
  | "encoding"
  | "too-large"
  | "unknown-field"
  | "missing-field"
  | "wrong-type"
  | "wrong-value"
  | "duplicate"
  | "inconsistent"
  | "unknown-reference"
  | "cycle"
  | "conflict"
  | "unused";
