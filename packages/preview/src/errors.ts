export type PreviewErrorCode =
  | "invalid-manifest"
  | "invalid-application"
  | "unsupported"
  | "missing-file"
  | "unreachable"
  | "render-failed"
  | "too-large";

/** Why one application could not be rendered. It never hides the others. */
export class PreviewError extends Error {
  readonly code: PreviewErrorCode;

  constructor(code: PreviewErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "PreviewError";
    this.code = code;
  }
}
