/** `BadRequest`: not a patch. `Invalid`: a patch that doesn't apply. `TooLarge`: more than is allowed. `InternalError`: what Kubernetes answers 500 to. */
export type PatchErrorCode = "BadRequest" | "Invalid" | "TooLarge" | "InternalError";

/** A patch that can't be applied, in the words of Kubernetes. */
export class PatchError extends Error {
  readonly code: PatchErrorCode;

  constructor(code: PatchErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PatchError";
    this.code = code;
  }
}
