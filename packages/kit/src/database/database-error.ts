import { DatabaseError as ServerError } from "pg";

export type DatabaseErrorCode =
  | "unique"
  | "foreign_key"
  | "check"
  | "contention"
  | "timeout"
  | "unavailable"
  | "rejected";

/** A statement that did not work, in words that a service can decide on. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;
  /** Whether the same may succeed later. */
  readonly retry: boolean;
  /** Which rule was broken, for `unique`, `foreign_key` and `check`. */
  readonly constraint: string | undefined;

  constructor(code: DatabaseErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
    this.retry = code === "contention" || code === "timeout" || code === "unavailable";
    this.constraint = cause instanceof ServerError ? cause.constraint : undefined;
  }
}

/** By SQLSTATE (appendix A of PostgreSQL's manual); the first two characters are the class. */
const codeOfState: Readonly<Record<string, DatabaseErrorCode>> = {
  "23505": "unique",
  "23503": "foreign_key",
  "23514": "check",
  "40001": "contention",
  "40P01": "contention",
  "55P03": "timeout",
  "57014": "timeout",
  "57P01": "unavailable",
  "57P02": "unavailable",
  "57P03": "unavailable",
  "53300": "unavailable",
};

export function databaseError(cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof ServerError)) return new DatabaseError("unavailable", `the database: ${message}`, cause);
  const state = cause.code ?? "";
  const code = codeOfState[state] ?? (state.startsWith("08") ? "unavailable" : "rejected");
  return new DatabaseError(code, `the database: ${message} (SQLSTATE ${state})`, cause);
}
