export type DiffErrorCode =
  | "syntax"
  | "bad-kubeconfig"
  | "client-missing"
  | "no-answer"
  | "bad-scenario"
  | "stale-record";

/** A failure of the comparison itself, never of the cluster that is compared. */
export class DiffError extends Error {
  readonly code: DiffErrorCode;

  constructor(code: DiffErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "DiffError";
    this.code = code;
  }
}
