import {
  chmodSync,
  copyFileSync,
  constants,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { systemCodeOf } from "../kubelet-error.ts";

/**
 * A second tree with the files of the first, which both share: folders and links are made anew, files are linked. Whoever changes a file of either
 * has to put a new one in its place.
 */
export async function linkTree(source: string, target: string, options: { readonly owners: boolean }): Promise<void> {
  const found = lstatSync(source);
  mkdirSync(target, { mode: 0o700 });
  for (const name of readdirSync(source)) {
    const [from, to] = [join(source, name), join(target, name)];
    const stats = lstatSync(from);
    if (stats.isDirectory()) await linkTree(from, to, options);
    else if (stats.isSymbolicLink()) {
      symlinkSync(readlinkSync(from), to);
      if (options.owners) lchownSync(to, stats.uid, stats.gid);
    } else shareFile(from, to, { stats, owners: options.owners });
  }
  finish(target, { stats: found, owners: options.owners });
  // A root of ten thousand files is linked folder by folder, and others get their turn in between.
  await breathe();
}

interface Known {
  readonly stats: Stats;
  readonly owners: boolean;
}

/** Not every file system links, and each has a last link: then the bytes are copied, by reference where that can be done. */
function shareFile(from: string, to: string, known: Known): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code !== "EMLINK" && code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw error;
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    finish(to, known);
  }
}

function finish(path: string, { stats, owners }: Known): void {
  if (owners) lchownSync(path, stats.uid, stats.gid);
  chmodSync(path, stats.mode & 0o7777);
  utimesSync(path, stats.atime, stats.mtime);
}
