import { lstat, mkdir, readFile, realpath, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "../cli-error.ts";

/** Lists what was rendered into a folder, so that only that is ever removed. It also marks the folder as rendered. */
export const listName = ".fairway-files";

export interface StateDifference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

export interface RenderedState {
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
  /** Whether a path is of what was rendered this time: what lies elsewhere is not missed. */
  readonly covers: (path: string) => boolean;
}

/** What a folder has otherwise than it was rendered. */
export async function compareState({ folder, files, covers }: RenderedState): Promise<StateDifference> {
  const listed = await readList(folder);
  const [added, changed]: [string[], string[]] = [[], []];
  for (const [path, text] of files) {
    const found = await readStateFile(folder, path);
    if (found === undefined) added.push(path);
    else if (found !== text) changed.push(path);
  }
  const removed = listed.filter((path) => !files.has(path) && covers(path));
  return { added, changed, removed, unchanged: files.size - added.length - changed.length };
}

/** Makes it so. Each file appears whole; what was not rendered here stays as it is. */
export async function writeState(state: RenderedState, difference: StateDifference): Promise<void> {
  const { folder, files, covers } = state;
  const kept = (await readList(folder)).filter((path) => !covers(path));
  try {
    await mkdir(folder, { recursive: true });
    const root = await realpath(folder);
    const paths = [...new Set([...kept, ...files.keys()])].toSorted();
    // Listed before they are there: whatever happens in between, the next time they are known.
    const list = await readStateFile(root, listName);
    const text = `# What fairway render wrote here; it removes nothing else.\n${paths.join("\n")}\n`;
    for (const path of difference.removed) await removeFile(root, path);
    if (list !== text) await writeFileWhole(root, listName, text);
    for (const path of [...difference.added, ...difference.changed]) {
      await writeFileWhole(root, path, files.get(path) ?? "");
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, path = folder } = error as NodeJS.ErrnoException;
    const hint = code === "ENOSPC" ? "free some space" : "check the folder and its permissions";
    throw new CliError("unreadable", `${path} can't be written (${code})`, { hint, cause: error });
  }
}

export async function readStateFile(folder: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, path), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CliError("unreadable", `${join(folder, path)} can't be read (${code})`, { cause: error });
  }
}

async function readList(folder: string): Promise<readonly string[]> {
  const text = (await readStateFile(folder, listName)) ?? "";
  // Somebody may have written anything into it: nothing outside of the folder is ever named.
  return text.split("\n").filter((line) => /^[a-z0-9]/.test(line) && !line.split("/").includes(".."));
}

async function writeFileWhole(root: string, path: string, text: string): Promise<void> {
  const target = join(root, path);
  await mkdirInside(root, dirname(path));
  const draft = `${target}.${process.pid}.new`;
  await writeFile(draft, text);
  await rename(draft, target);
}

/** The folders of a path, one after the other: none of them may be a link to somewhere else. */
async function mkdirInside(root: string, path: string): Promise<void> {
  for (const folder of foldersOf(root, path)) {
    const found = await lstat(folder).catch(() => undefined);
    if (found?.isSymbolicLink()) {
      throw new CliError("unreadable", `${folder} is a link; what is rendered stays in ${root}`, {
        hint: "remove the link",
      });
    }
    if (!found) await mkdir(folder);
  }
}

function foldersOf(root: string, path: string): readonly string[] {
  const names = path === "." ? [] : path.split("/");
  return names.map((_, index) => join(root, ...names.slice(0, index + 1)));
}

async function removeFile(root: string, path: string): Promise<void> {
  const folders = foldersOf(root, dirname(path));
  for (const folder of folders) {
    const found = await lstat(folder).catch(() => undefined);
    if (!found?.isDirectory()) return;
  }
  const found = await lstat(join(root, path)).catch(() => undefined);
  if (found?.isFile()) await rm(join(root, path));
  // Folders go with their last file.
  for (const folder of folders.toReversed()) {
    const isGone = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}
