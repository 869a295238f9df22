// The one error of this package. The message is the one that Go's text/template gives.

export type TemplateErrorCode =
  /** The text is no template. */
  | "parse"
  /** Running the template failed. */
  | "execute"
  /** A bound of limits.ts stopped it. */
  | "limit"
  /** No template of that name in the set. */
  | "undefined-template";

export interface TemplatePlace {
  readonly template: string;
  /** 1-based; 0 if unknown. */
  readonly line: number;
  /** 0-based, in bytes, as Go counts; undefined in parse errors. */
  readonly column?: number;
}

export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly code: TemplateErrorCode;
  readonly template: string;
  readonly line: number;
  readonly column: number | undefined;

  constructor(code: TemplateErrorCode, message: string, place: TemplatePlace, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.template = place.template;
    this.line = place.line;
    this.column = place.column;
  }
}
