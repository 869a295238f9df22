export type ManifestsErrorCode =
  /** No environment of that name in the platform. */
  | "unknown-environment"
  /** registry/versions.yaml is not what it has to be. */
  | "invalid-versions"
  /** Our own mistake. */
  | "defect";

export class ManifestsError extends Error {
  override readonly name = "ManifestsError";
  readonly code: ManifestsErrorCode;

  constructor(code: ManifestsErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
