/** A place in the text. Columns and offsets count UTF-16 code units, as editors do. */
export interface Position {
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  /** 0-based. */
  offset: number;
}

export type YamlErrorCode =
  | "syntax"
  | "character"
  | "encoding"
  | "unknown-anchor"
  | "recursive-anchor"
  | "duplicate-key"
  | "unsupported-key"
  | "unsupported-number"
  | "merge"
  | "tag"
  | "several-documents"
  | "alias-budget"
  | "too-long"
  | "too-deep"
  | "too-many-nodes"
  | "unsupported-value";

/** One thing wrong with a text. */
export interface YamlProblem {
  code: YamlErrorCode;
  /** What was found and what was expected, without the place. */
  message: string;
  /** The sentence of Go's library for the same problem, starting with "yaml: ". */
  goMessage: string;
  position: Position;
  /** The line of the text at the position, shortened. */
  excerpt: string;
}

export class YamlError extends Error implements YamlProblem {
  override readonly name = "YamlError";
  readonly code: YamlErrorCode;
  readonly goMessage: string;
  readonly position: Position;
  readonly excerpt: string;
  /** The same problem without the place in its message. */
  readonly problem: YamlProblem;

  constructor(problem: YamlProblem, options?: ErrorOptions) {
    const { line, column } = problem.position;
    const place = line > 0 ? `line ${line}, column ${column}: ` : "";
    super(`${place}${problem.message}`, options);
    this.problem = problem;
    this.code = problem.code;
    this.goMessage = problem.goMessage;
    this.position = problem.position;
    this.excerpt = problem.excerpt;
  }
}
