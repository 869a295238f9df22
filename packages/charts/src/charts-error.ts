export type ChartsErrorCode =
  | "offline"
  | "unreachable"
  | "not-found"
  | "no-version"
  | "unauthorized"
  | "invalid-answer"
  | "digest-mismatch"
  | "too-large"
  | "unsupported-address"
  | "bad-credentials-file"
  | "cache-unusable";

/** A chart that could not be had. The message names the chart, where it was looked for, and what to do. */
export class ChartsError extends Error {
  readonly code: ChartsErrorCode;

  constructor(code: ChartsErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "ChartsError";
    this.code = code;
  }
}

/** The server could not be asked, so what it said last time is the best there is. */
export function isOutOfReach(error: unknown): error is ChartsError {
  return error instanceof ChartsError && (error.code === "offline" || error.code === "unreachable");
}
