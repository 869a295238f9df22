export { GitError, type GitErrorCode } from "./git-error.ts";
export { GitRepository, type TreeEntry } from "./git-repository.ts";
