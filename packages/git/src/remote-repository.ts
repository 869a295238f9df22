import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { GitError } from "./git-error.ts";
import { runGit, withoutPasswords } from "./git-process.ts";
import { GitRepository } from "./git-repository.ts";
import { fetchTimeoutMs } from "./limits.ts";

export interface RemoteRevision {
  readonly url: string;
  /** A branch, a tag, a full commit id, or HEAD. */
  readonly revision: string;
}

export interface FetchOptions {
  /** A folder of ours: each repository gets a bare one of its own in it. */
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
}

/** What is being fetched into each folder: two fetches at one time would stumble over each other's locks. */
const queues = new Map<string, Promise<unknown>>();

/** Fetches one revision of another repository, without its history, and opens what was fetched. The commit is returned with it. */
export async function fetchRevision(
  remote: RemoteRevision,
  { cacheDirectory, signal }: FetchOptions,
): Promise<{ readonly repository: GitRepository; readonly commit: string }> {
  expectAddress(remote);
  const directory = join(cacheDirectory, sha256(remote.url).slice(0, 32));
  const reference = `refs/fairway/${sha256(remote.revision).slice(0, 16)}`;
  return inTurn(directory, async () => {
    await mkdir(directory, { recursive: true });
    await runGit(["init", "--quiet", "--bare", directory], { signal });
    await fetchInto(directory, reference, remote, signal);
    const repository = await GitRepository.open(directory);
    return { repository, commit: await repository.resolve(reference) };
  });
}

async function fetchInto(
  directory: string,
  reference: string,
  { url, revision }: RemoteRevision,
  signal: AbortSignal,
): Promise<void> {
  const options = ["--quiet", "--depth", "1", "--no-tags", "--no-write-fetch-head", "--force"];
  const args = ["--git-dir", directory, "fetch", ...options, "--", url, `${revision}:${reference}`];
  try {
    await runGit(args, { signal, timeoutMs: fetchTimeoutMs });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const where = `${withoutPasswords(url)} at ${revision}`;
    if (/couldn't find remote ref|not our ref|unadvertised object/.test(error.message)) {
      const message = `${where} is not there (${error.message}): name a branch, a tag or a full commit id`;
      throw new GitError("unknown-revision", message, { cause: error });
    }
    throw new GitError("unreachable", `${where} can't be fetched: ${error.message}`, { cause: error });
  }
}

/** Addresses come from manifests under review: none may be an option, a program to run, or relative to where we run. */
function expectAddress({ url, revision }: RemoteRevision): void {
  const isUrl = /^(https?|ssh|git|file):\/\//i.test(url) || /^\w[\w.-]*(@[\w.-]+)?:(?!:|\/\/)\S/.test(url);
  if (!isUrl && !url.startsWith("/")) {
    const message = `"${withoutPasswords(url)}" is no address of a Git repository: write https://, ssh:// or user@host:path`;
    throw new GitError("unsupported-address", message);
  }
  if (!/^[^-\s:^~?*[\\+][^\s:^~?*[\\]*$/.test(revision) || revision.includes("..") || revision.includes("@{")) {
    throw new GitError("unknown-revision", `"${revision}" is no branch, tag, commit id or HEAD`);
  }
}

async function inTurn<T>(directory: string, task: () => Promise<T>): Promise<T> {
  const mine = Promise.allSettled([queues.get(directory)]).then(task);
  queues.set(directory, mine);
  try {
    return await mine;
  } finally {
    if (queues.get(directory) === mine) queues.delete(directory);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
