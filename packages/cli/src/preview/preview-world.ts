import { ChartsError } from "@fairway/charts";
import { fetchRevision, GitError, type GitRepository } from "@fairway/git";
import { PreviewError, type PreviewWorld, type RenderCache, type Snapshot } from "@fairway/preview";
import { join } from "node:path";
import { cacheDirectory } from "../cache-directory.ts";
import { openChartStore } from "../charts/chart-store.ts";
import type { CommandContext } from "../command/command.ts";
import { gitSnapshot, type BlobShelf } from "./git-snapshot.ts";

export interface WorldOptions extends Pick<PreviewWorld, "clusters" | "pullRequests" | "kubeVersion" | "apiVersions"> {
  readonly repository: GitRepository;
  readonly base: string;
  readonly head: string;
  /** Addresses besides those of the remotes. */
  readonly repositoryUrls: readonly string[];
  readonly cache: RenderCache;
  readonly offline: boolean;
}

/** What a preview asks for, from the repository on disk, the network and the cache. */
export async function previewWorld(
  options: WorldOptions,
  { env, signal, terminal }: CommandContext,
): Promise<PreviewWorld> {
  const { repository, base, head, offline, repositoryUrls, ...given } = options;
  const shelf: BlobShelf = new Map();
  const snapshotAt = async (name: string) =>
    gitSnapshot(repository, { commit: await repository.resolve(name), name, shelf });
  const store = await openChartStore({
    env,
    signal,
    offline,
    onStale: (message) => terminal.note(`warning: ${message}`),
  });
  const pinned = new Map<string, Promise<Snapshot | undefined>>();
  const others = new Map<string, Promise<Snapshot>>();
  const fetchOther = async (url: string, revision: string): Promise<Snapshot> => {
    if (offline)
      throw new PreviewError(
        "unreachable",
        `${url} at ${revision} is another repository, and --offline keeps from fetching it`,
      );
    const directory = join(cacheDirectory(env), "git");
    const fetched = await fetchRevision({ url, revision }, { cacheDirectory: directory, signal });
    await using other = fetched.repository;
    return gitSnapshot(other, { commit: fetched.commit, name: `${url}@${revision}`, shelf });
  };
  return {
    ...given,
    signal,
    base: await snapshotAt(base),
    head: await snapshotAt(head),
    repositoryUrls: [...(await repository.remoteUrls()), ...repositoryUrls],
    pinnedRevision: (revision) => remembered(pinned, revision, () => pinnedSnapshot(repository, revision, shelf)),
    otherRepository: (url, revision) =>
      remembered(others, `${url}\n${revision}`, () => fetchOther(url, revision).catch(asPreviewError)),
    chart: (address) => store.fetch(address).catch(asPreviewError),
  };
}

/** Tags and commits stay what they are; a branch is what is under preview. */
async function pinnedSnapshot(
  repository: GitRepository,
  revision: string,
  shelf: BlobShelf,
): Promise<Snapshot | undefined> {
  const name = /^[0-9a-f]{40}$/.test(revision) ? revision : `refs/tags/${revision.replace(/^refs\/tags\//, "")}`;
  const commit = await repository.resolve(name).catch((error: unknown) => {
    if (error instanceof GitError && error.code === "unknown-revision") return undefined;
    throw error;
  });
  return commit === undefined ? undefined : gitSnapshot(repository, { commit, name: revision, shelf });
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** What can't be had is a problem of the application that needs it, not of the preview. */
function asPreviewError(error: unknown): never {
  if (error instanceof ChartsError || error instanceof GitError) {
    throw new PreviewError("unreachable", error.message, { cause: error });
  }
  throw error;
}
