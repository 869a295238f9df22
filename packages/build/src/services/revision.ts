import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { BuildError } from "../build-error.ts";
import { runTool } from "../run-tool.ts";

/** Where a service's sources come from, as its image says. */
export interface Revision {
  /** The last commit that changed any of them; `-dirty` when the working tree did after it. */
  readonly revision: string | undefined;
  /** When that was, in seconds; the beginning of 1970 outside of Git. */
  readonly createdSeconds: number;
}

const outsideGit: Revision = { revision: undefined, createdSeconds: 0 };

/**
 * The commit of a service, not of the repository: a commit that changes nothing of it must not change its image, or everything would be
 * rolled out anew with every commit.
 */
export async function revisionOf(root: string, paths: readonly string[], signal: AbortSignal): Promise<Revision> {
  const known = paths
    .map((path) => relative(root, path).split(sep).join("/"))
    .filter((path) => !path.startsWith("..") && !path.split("/").includes("node_modules"));
  if (known.length === 0) return outsideGit;
  const log = await git(root, ["log", "-1", "--format=%H %ct", "--", ...known], signal);
  const [commit = "", seconds = ""] = (log ?? "").trim().split(" ");
  if (commit === "") return outsideGit;
  const changes = await git(root, ["status", "--porcelain", "--untracked-files=normal", "--", ...known], signal);
  const isDirty = changes !== undefined && changes.trim() !== "";
  return { revision: isDirty ? `${commit}-dirty` : commit, createdSeconds: Number(seconds) };
}

/** The folder of the Git repository around a folder; the folder itself outside of one. */
export function repositoryOf(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

/** The commit that is checked out. */
export async function headOf(root: string, signal: AbortSignal): Promise<string> {
  return (await git(root, ["rev-parse", "HEAD"], signal))?.trim() ?? "";
}

/** Where the repository is for others, without what lets somebody in. */
export async function remoteOf(root: string, signal: AbortSignal): Promise<string | undefined> {
  const url = (await git(root, ["config", "--get", "remote.origin.url"], signal))?.trim() ?? "";
  return publicUrl(url);
}

/** `git@github.com:acme/shop.git` and `https://name:secret@github.com/acme/shop` are one place. */
export function publicUrl(url: string): string | undefined {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/u.exec(url) ??
    /^(?:[^@/]*@)([^/:]+):(.+)$/u.exec(url) ??
    [];
  if (host === undefined || path === undefined) return undefined;
  return `https://${host}/${path.replace(/^\/+/u, "").replace(/(?:\.git)?\/*$/u, "")}`;
}

/** Undefined where Git has no answer: outside of a repository, before its first commit, without Git. */
async function git(root: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  try {
    const own = { LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_LITERAL_PATHSPECS: "1" };
    // Hooks of Git are told which repository they serve, which need not be this one.
    const env = { ...own, GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };
    return await runTool("git", ["-C", root, ...args], { env, signal });
  } catch (error) {
    if (error instanceof BuildError && error.code !== "stopped") return undefined;
    throw error;
  }
}
