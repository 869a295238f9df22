import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";

export interface FileContent {
  readonly bytes: Buffer;
  readonly mode: number;
}

export interface AtomicFolderOptions {
  readonly now: () => Date;
  /** The group that files get, where the kubelet may give files away. */
  readonly group: number | undefined;
}

const dataLink = "..data";

/**
 * Writes files so that a reader sees either all of the old or all of the new ones: into a folder of their own, to which one link is then
 * moved. What users see are links through that link; the layout is the one that programs for Kubernetes look for. Answers whether
 * anything changed.
 */
export function writeAtomically(
  folder: string,
  files: ReadonlyMap<string, FileContent>,
  options: AtomicFolderOptions,
): boolean {
  mkdirSync(folder, { recursive: true });
  const link = join(folder, dataLink);
  const old = lstatSync(link, { throwIfNoEntry: false }) === undefined ? undefined : readlinkSync(link);
  if (old !== undefined && isSame(join(folder, old), files)) return false;
  const name = `..${stamp(options.now())}.${randomBytes(4).readUInt32BE().toString()}`;
  const fresh = join(folder, name);
  mkdirSync(fresh, { mode: 0o755 });
  for (const [path, content] of files) writeOne(join(fresh, path), content, options);
  const part = join(folder, "..data_tmp");
  rmSync(part, { force: true });
  symlinkSync(name, part);
  renameSync(part, link);
  const visible = new Set([...files.keys()].map((path) => path.split("/")[0] ?? path));
  for (const entry of visible) {
    const place = join(folder, entry);
    if (lstatSync(place, { throwIfNoEntry: false }) === undefined) symlinkSync(posix.join(dataLink, entry), place);
  }
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith("..") && !visible.has(entry)) rmSync(join(folder, entry), { force: true });
  }
  if (old !== undefined) rmSync(join(folder, old), { recursive: true, force: true });
  return true;
}

function writeOne(path: string, { bytes, mode }: FileContent, { group }: AtomicFolderOptions): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  if (group !== undefined) chownSync(path, -1, group);
  // Not by the call that writes: the process's own mask would narrow it.
  chmodSync(path, group === undefined ? mode : mode | 0o440);
}

function isSame(folder: string, files: ReadonlyMap<string, FileContent>): boolean {
  if (!existsSync(folder)) return false;
  const present = listFiles(folder, "");
  if (present.length !== files.size) return false;
  return present.every((path) => {
    const wanted = files.get(path);
    return wanted !== undefined && readFileSync(join(folder, path)).equals(wanted.bytes);
  });
}

function listFiles(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    return entry.isDirectory() ? listFiles(folder, path) : [path];
  });
}

/** `2026_01_02_03_04_05` */
function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(/[-:T]/gu, "_");
}
