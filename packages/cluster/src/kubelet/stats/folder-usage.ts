import { lstat, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf } from "../kubelet-error.ts";

export interface FolderUsage {
  readonly bytes: number;
  readonly files: number;
}

/** What a folder takes on its disk, as `du` counts: whole blocks, and a file with several names once. */
export async function folderUsage(folder: string): Promise<FolderUsage> {
  const usage = { bytes: 0, files: 0 };
  const linked = new Set<string>();
  const root = await ifThere(realpath(folder));
  const open = root === undefined ? [] : [root];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const stats = await ifThere(lstat(path));
    if (stats === undefined) continue;
    const isAgain = !stats.isDirectory() && stats.nlink > 1 && linked.has(`${stats.dev}/${stats.ino}`);
    if (isAgain) continue;
    if (!stats.isDirectory() && stats.nlink > 1) linked.add(`${stats.dev}/${stats.ino}`);
    usage.bytes += stats.blocks * 512;
    usage.files += 1;
    if (stats.isDirectory()) for (const name of (await ifThere(readdir(path))) ?? []) open.push(join(path, name));
  }
  return usage;
}

/** Programs remove files while we look. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES" || code === "ELOOP") return undefined;
    throw error;
  }
}
