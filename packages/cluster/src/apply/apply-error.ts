export type ApplyErrorCode = "BadRequest" | "InternalError";

/** An apply that can't be done, in the words of Kubernetes. Conflicts are no error but an outcome. */
export class ApplyError extends Error {
  readonly code: ApplyErrorCode;

  constructor(code: ApplyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ApplyError";
    this.code = code;
  }
}
