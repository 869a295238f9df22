export type OracleErrorCode =
  | "usage"
  | "tool-missing"
  | "not-permitted"
  | "port-taken"
  | "already-running"
  | "build-failed"
  | "start-failed"
  | "command-failed"
  | "bad-state"
  | "bad-input";

/** A failure that the person at the command line can act on: the message says what was found and what to do. */
export class OracleError extends Error {
  readonly code: OracleErrorCode;

  constructor(code: OracleErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "OracleError";
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a failed system call (`ENOENT`, `ESRCH`), or undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
