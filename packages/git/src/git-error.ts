export type GitErrorCode =
  | "not-a-repository"
  | "unknown-revision"
  | "object-missing"
  | "object-too-large"
  | "unreachable"
  | "git-failed";

/** Git said no, or could not be asked. */
export class GitError extends Error {
  readonly code: GitErrorCode;

  constructor(code: GitErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "GitError";
    this.code = code;
  }
}
