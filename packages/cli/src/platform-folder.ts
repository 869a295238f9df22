import { isSpecFile, specFileBytesMax, type GivenFile } from "@fairway/spec";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { CliError } from "./cli-error.ts";
import { listName } from "./state/state-folder.ts";

/** Folders that hold no descriptions: dependencies, build output, state, Git's own. */
const skippedFolders = new Set(["node_modules", "dist", "target", "vendor", "testdata"]);

/** Deeper than any layout; a loop of mounts ends here. */
const folderDepthMax = 32;

const openFilesMax = 64;

export interface FoundFile extends GivenFile {
  /** For excerpts in messages. */
  readonly text: string;
}

/** The descriptions below a folder, sorted by path. Links that leave the folder are refused, since another machine would not have what they show. */
export async function readDescriptions(folder: string): Promise<readonly FoundFile[]> {
  const root = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "does not exist" : `can't be read (${error.code})`;
    throw new CliError("not-found", `${folder} ${why}`, {
      hint: "name the folder that holds platform.yaml",
      cause: error,
    });
  });
  const paths: string[] = [];
  await collect({ root, folder: root, depth: 0, paths });
  const files: FoundFile[] = [];
  const sorted = paths.toSorted();
  // A few at a time: thousands of open files are more than a system allows.
  for (let start = 0; start < sorted.length; start += openFilesMax) {
    files.push(...(await Promise.all(sorted.slice(start, start + openFilesMax).map((path) => readFound(root, path)))));
  }
  return files;
}

interface Walk {
  readonly root: string;
  readonly folder: string;
  readonly depth: number;
  readonly paths: string[];
}

async function collect({ root, folder, depth, paths }: Walk): Promise<void> {
  if (depth > folderDepthMax) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new CliError("unreadable", `${folder} can't be read (${error.code})`, {
      hint: "check its permissions",
      cause: error,
    });
  });
  // The chart of a service has a template of the name service.yaml.
  if (entries.some(({ name }) => name === listName)) return;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isSearchedFolder(entry.name)) await collect({ root, folder: path, depth: depth + 1, paths });
    } else if (isSpecFile(entry.name)) paths.push(path);
  }
}

/** Whether descriptions are looked for in a folder of this name. */
export function isSearchedFolder(name: string): boolean {
  return !skippedFolders.has(name) && !name.startsWith(".");
}

async function readFound(root: string, path: string): Promise<FoundFile> {
  const shown = relative(root, path).split(sep).join("/");
  const target = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError("unreadable", `${shown} is a link to nothing (${error.code})`, { cause: error });
  });
  if (target !== path && !target.startsWith(root + sep)) {
    throw new CliError("unreadable", `${shown} is a link that leaves ${root}`, { hint: "put the file itself there" });
  }
  if (!(await lstat(target)).isFile()) throw new CliError("unreadable", `${shown} is no plain file`);
  const bytes = await readStart(target);
  return { path: shown, bytes, text: new TextDecoder().decode(bytes) };
}

/** One byte more than a description may have is enough to see that it has too many; a huge file is never read whole. */
async function readStart(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const buffer = new Uint8Array(specFileBytesMax + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) return buffer.slice(0, length);
    length += bytesRead;
  }
}
