export { GitError, type GitErrorCode } from "./git-error.ts";
export { GitRepository, type TreeEntry } from "./git-repository.ts";
export { fetchRevision, type FetchOptions, type RemoteRevision } from "./remote-repository.ts";
