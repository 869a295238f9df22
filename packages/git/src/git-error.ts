export type GitErrorCode =
  | "not-a-repository"
  | "unknown-revision"
  | "unsupported-address"
  | "object-missing"
  | "object-too-large"
  | "unreachable"
  | "closed"
  | "git-failed";

/** Git said no, or could not be asked. */
export class GitError extends Error {
  readonly code: GitErrorCode;
  /** With which git ended, where it was started and ended by itself. */
  readonly exitCode: number | undefined;

  constructor(code: GitErrorCode, message: string, options: { cause?: unknown; exitCode?: number } = {}) {
    super(message, options);
    this.name = "GitError";
    this.code = code;
    this.exitCode = options.exitCode;
  }
}
