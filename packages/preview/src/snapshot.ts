/** The files of a repository at one revision, by path from its root. Handed in with every content that may be needed. */
export interface Snapshot {
  /** Names the revision to a person: `main`, `1a2b3c4`. */
  readonly name: string;
  /** Path to object id: the same content has the same id at every revision. Sorted by path. */
  readonly files: ReadonlyMap<string, string>;
  read(path: string): Uint8Array | undefined;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Undefined when the file is missing or no UTF-8 text. */
export function readText(snapshot: Snapshot, path: string): string | undefined {
  const bytes = snapshot.read(path);
  if (!bytes) return undefined;
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** `a/./b/../c` is `a/c`. Undefined when the path leaves the repository. */
export function cleanPath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

const knownFolders = new WeakMap<Snapshot, Map<string, ReadonlyMap<string, string>>>();

/** Paths below a folder, relative to it. */
export function filesBelow(snapshot: Snapshot, folder: string): ReadonlyMap<string, string> {
  if (folder === "") return snapshot.files;
  const folders = knownFolders.get(snapshot) ?? new Map<string, ReadonlyMap<string, string>>();
  knownFolders.set(snapshot, folders);
  let below = folders.get(folder);
  if (!below) {
    const prefix = `${folder}/`;
    below = new Map([...rangeFrom(snapshot.files, prefix)].map(([path, id]) => [path.slice(prefix.length), id]));
    folders.set(folder, below);
  }
  return below;
}

const sortedPaths = new WeakMap<ReadonlyMap<string, string>, readonly string[]>();

/** The entries whose path begins with a prefix, found by bisection: thousands of applications ask for their folder. */
function* rangeFrom(files: ReadonlyMap<string, string>, prefix: string): Iterable<[string, string]> {
  let paths = sortedPaths.get(files);
  if (!paths) {
    paths = [...files.keys()].toSorted(byCodeUnit);
    sortedPaths.set(files, paths);
  }
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((paths[middle] ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  for (let index = low; index < paths.length; index++) {
    const path = paths[index];
    if (path === undefined || !path.startsWith(prefix)) return;
    const id = files.get(path);
    if (id !== undefined) yield [path, id];
  }
}

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
