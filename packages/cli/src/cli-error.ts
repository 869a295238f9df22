import { exitCode, type ExitCode } from "./exit-code.ts";

export type CliErrorCode =
  | "bad-usage"
  | "not-found"
  | "unreadable"
  | "invalid-input"
  | "already-exists"
  | "environment";

const exitCodes: Record<CliErrorCode, ExitCode> = {
  "bad-usage": exitCode.badUsage,
  "not-found": exitCode.badUsage,
  unreadable: exitCode.environmentNotFit,
  "invalid-input": exitCode.problemsFound,
  "already-exists": exitCode.problemsFound,
  environment: exitCode.environmentNotFit,
};

/** A failure that the person at the terminal can mend. Everything else that is thrown is a defect. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  /** What to do next, as a sentence. */
  readonly hint: string | undefined;

  constructor(code: CliErrorCode, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "CliError";
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): ExitCode {
    return exitCodes[this.code];
  }
}
