import { GitError, type GitRepository, type TreeEntry } from "@fairway/git";
import type { Snapshot } from "@fairway/preview";

/** Up to so many files a repository is read whole; beyond it only what can be manifests, charts or kustomizations. */
const readWholeMax = 20_000;

/** Contents by object id, shared by all snapshots of a run: two revisions differ in a few files. */
export type BlobShelf = Map<string, Uint8Array>;

/** A revision with its contents in memory, since rendering can't wait for a disk. */
export async function gitSnapshot(
  repository: GitRepository,
  { commit, name, shelf }: { readonly commit: string; readonly name: string; readonly shelf: BlobShelf },
): Promise<Snapshot> {
  const entries = (await repository.list(commit)).filter(
    (entry) => entry.kind === "file" || entry.kind === "executable",
  );
  const needed = entries.length <= readWholeMax ? entries : entries.filter(relevantIn(entries));
  const missing = new Set(needed.map((entry) => entry.id).filter((id) => !shelf.has(id)));
  await Promise.all([...missing].map((id) => readInto(shelf, repository, id)));
  const files = new Map(entries.map((entry) => [entry.path, entry.id]));
  return {
    name,
    files,
    read: (path) => {
      const id = files.get(path);
      return id === undefined ? undefined : shelf.get(id);
    },
  };
}

async function readInto(shelf: BlobShelf, repository: GitRepository, id: string): Promise<void> {
  try {
    shelf.set(id, await repository.read(id));
  } catch (error) {
    // A huge file is no manifest; whoever needs it all the same finds it missing.
    if (!(error instanceof GitError) || error.code !== "object-too-large") throw error;
  }
}

function relevantIn(entries: readonly TreeEntry[]): (entry: TreeEntry) => boolean {
  const roots = new Set<string>();
  for (const { path } of entries) {
    const root = /^(?:(.*)\/)?(?:Chart\.yaml|kustomization\.ya?ml|Kustomization)$/.exec(path);
    if (root) roots.add(root[1] ?? "");
  }
  return ({ path }) => {
    if (/\.(ya?ml|json|tpl|tgz)$/i.test(path)) return true;
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      if (roots.has(path.slice(0, slash))) return true;
    }
    return roots.has("");
  };
}
