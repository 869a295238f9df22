export type PostgresErrorCode =
  | "unsupported_platform"
  | "unreachable_folder"
  | "taken_folder"
  | "invalid_option"
  | "init_failed"
  | "start_failed"
  | "stop_failed";

/** What was found, where, and what to do. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
