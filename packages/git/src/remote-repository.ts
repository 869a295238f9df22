import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { GitError } from "./git-error.ts";
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

/** Fetches one revision of another repository, without its history, and opens what was fetched. The commit is returned with it. */
export async function fetchRevision(
  { url, revision }: RemoteRevision,
  { cacheDirectory, signal }: FetchOptions,
): Promise<{ readonly repository: GitRepository; readonly commit: string }> {
  if (url.startsWith("-") || revision.startsWith("-"))
    throw new GitError("unknown-revision", `"${url}" at "${revision}" is no address`);
  const directory = join(cacheDirectory, createHash("sha256").update(url).digest("hex").slice(0, 32));
  await mkdir(directory, { recursive: true });
  await git(["init", "--quiet", "--bare", directory], signal);
  const reference = `refs/fairway/${createHash("sha256").update(revision).digest("hex").slice(0, 16)}`;
  const fetch = [
    "--git-dir",
    directory,
    "fetch",
    "--quiet",
    "--depth",
    "1",
    "--no-tags",
    "--force",
    "--",
    url,
    `${revision}:${reference}`,
  ];
  await git(fetch, signal).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new GitError("unreachable", `${url} at ${revision} can't be fetched: ${why}`, { cause: error });
  });
  const repository = await GitRepository.open(directory);
  return { repository, commit: await repository.resolve(reference) };
}

function git(args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // A preview must not stop to ask for a password.
    const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
    execFile("git", [...args], { signal, env, timeout: fetchTimeoutMs }, (error, _, stderr) => {
      if (!error) resolve();
      else reject(new GitError("git-failed", stderr.trim().split("\n").at(-1) || error.message, { cause: error }));
    });
  });
}
