import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { KubeletError } from "../kubelet-error.ts";
import { layerBytesMax, layerEntriesMax, layerRatioFromBytes, layerRatioMax, pathBytesMax } from "../limits.ts";
import { resolveInRoot } from "./root-path.ts";
import { TarReader } from "./tar-reader.ts";
import type { TarEntry } from "./tar-reader.ts";

export interface UnpackOptions {
  /** Whether files get the owners that the layer names: only root can do that. */
  readonly owners: boolean;
  /** How many packed bytes have been read so far, to notice bombs. */
  readonly packedBytes: () => number;
}

/**
 * Lays one layer over a root folder. Every path is resolved inside the root, whatever links the layer or a layer below it made;
 * anything that would reach outside, or be more than a laptop should unpack, is refused.
 */
export async function unpackLayer(
  source: AsyncIterable<Uint8Array>,
  root: string,
  options: UnpackOptions,
): Promise<void> {
  const tar = new TarReader(source);
  const state: LayerState = { root, options, written: new Set(), folders: [], bytes: 0, entries: 0 };
  for (let entry = await tar.next(); entry !== undefined; entry = await tar.next()) {
    state.entries += 1;
    if (state.entries > layerEntriesMax) throw refused(`it has more than ${layerEntriesMax} entries`);
    await applyEntry(tar, entry, state);
  }
  await tar.drain();
  // The modes come last, the deepest first: a folder that nobody may write to still had to be filled.
  for (const { path, entry } of state.folders.toReversed()) finish(path, entry, options);
}

interface LayerState {
  readonly root: string;
  readonly options: UnpackOptions;
  /** What this layer itself made: an opaque whiteout hides only what lies below. */
  readonly written: Set<string>;
  readonly folders: { path: string; entry: TarEntry }[];
  bytes: number;
  entries: number;
}

function refused(why: string): KubeletError {
  return new KubeletError("image-refused", `the layer is refused: ${why}`);
}

/** The parts of an entry's path below the root. */
export function entryParts(path: string): string[] {
  if (path.includes("\0") || Buffer.byteLength(path) > pathBytesMax) throw refused("a path is too long or not a path");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refused(`the path ${JSON.stringify(path)} leads out of the image`);
  return parts;
}

async function applyEntry(tar: TarReader, entry: TarEntry, state: LayerState): Promise<void> {
  const parts = entryParts(entry.path);
  const name = parts.at(-1);
  if (name === undefined) {
    if (entry.kind !== "folder") throw refused("an entry that is no folder stands for the root");
    state.folders.push({ path: state.root, entry });
    return;
  }
  if (name.startsWith(".wh.")) return whiteout(parts, name, state);
  const parent = makeParent(parts.slice(0, -1), state);
  const path = join(parent, name);
  clear(path, entry, state);
  await place(tar, { entry, path, parts }, state);
  state.written.add(path);
}

interface Placed {
  readonly entry: TarEntry;
  readonly path: string;
  readonly parts: readonly string[];
}

async function place(tar: TarReader, { entry, path, parts }: Placed, state: LayerState): Promise<void> {
  switch (entry.kind) {
    case "folder":
      if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
      state.folders.push({ path, entry });
      return;
    case "file":
      await writeFile(tar, entry, path, state);
      finish(path, entry, state.options);
      return;
    case "symbolic-link":
      makeLink(entry.linkPath, path, state);
      if (state.options.owners) lchownSync(path, entry.uid, entry.gid);
      return;
    case "hard-link":
      return hardLink(entry, path, state);
    default:
      // A runtime makes /dev itself; some base images still carry one.
      if (parts[0] === "dev") return;
      throw refused(`${JSON.stringify(entry.path)} is a ${entry.kind.replace("-", " ")}`);
  }
}

/** The parent's folder, made where it is missing, never through a link that leads elsewhere than into the root. */
function makeParent(parts: readonly string[], state: LayerState): string {
  let current = state.root;
  for (const part of parts) {
    const next = join(current, part);
    const found = statOf(next);
    if (found === undefined) {
      mkdirSync(next, { mode: 0o755 });
      state.written.add(next);
      current = next;
    } else if (found.isSymbolicLink()) {
      const target = resolveInRoot(state.root, next);
      if (target === undefined || statOf(target)?.isDirectory() !== true) {
        throw refused(`${JSON.stringify(parts.join("/"))} goes through a link that leads to no folder`);
      }
      current = target;
    } else if (found.isDirectory()) {
      current = next;
    } else {
      throw refused(`${JSON.stringify(parts.join("/"))} goes through a file`);
    }
  }
  return current;
}

/** Takes away what a lower layer has at this place; a folder over a folder stays. */
function clear(path: string, entry: TarEntry, state: LayerState): void {
  const found = statOf(path);
  if (found === undefined) return;
  if (found.isDirectory() && entry.kind === "folder") return;
  if (found.isDirectory()) rmSync(path, { recursive: true, force: true });
  else unlinkSync(path);
  state.written.delete(path);
}

function whiteout(parts: readonly string[], name: string, state: LayerState): void {
  const parent = resolveInRoot(state.root, join(state.root, ...parts.slice(0, -1)));
  if (parent === undefined || statOf(parent)?.isDirectory() !== true) return;
  if (name === ".wh..wh..opq") {
    for (const child of readdirSync(parent)) {
      const path = join(parent, child);
      if (!state.written.has(path)) rmSync(path, { recursive: true, force: true });
    }
    return;
  }
  // `.wh..wh.plnk` and the like are leftovers of aufs and mean nothing.
  if (name.startsWith(".wh..wh.")) return;
  const hidden = name.slice(".wh.".length);
  if (hidden === "" || hidden === "." || hidden === "..") throw refused(`${JSON.stringify(name)} removes no file`);
  const path = join(parent, hidden);
  if (!state.written.has(path)) rmSync(path, { recursive: true, force: true });
}

async function writeFile(tar: TarReader, entry: TarEntry, path: string, state: LayerState): Promise<void> {
  if (state.bytes + entry.size > layerBytesMax) throw refused(`it unpacks to more than ${layerBytesMax} bytes`);
  // Exclusive: the place was cleared, so nothing is ever written through a link.
  const file = openSync(path, "wx", 0o600);
  try {
    for await (const piece of tar.body()) {
      state.bytes += piece.length;
      checkRatio(state);
      for (let at = 0; at < piece.length;) at += writeSync(file, piece, at);
    }
  } finally {
    closeSync(file);
  }
}

function checkRatio(state: LayerState): void {
  if (state.bytes < layerRatioFromBytes) return;
  if (state.bytes > state.options.packedBytes() * layerRatioMax) {
    throw refused(`it unpacks to more than ${layerRatioMax} times its size`);
  }
}

/**
 * Links are rewritten to lead from their own place into the root, so that they mean the same inside a container and (for containers that
 * are plain processes) outside of one, where a link of the image's must never point at the machine's own files.
 */
function makeLink(target: string, path: string, state: LayerState): void {
  if (target === "" || target.includes("\0") || Buffer.byteLength(target) > pathBytesMax) {
    throw refused(`${JSON.stringify(basename(path))} is a link to nowhere`);
  }
  const place = `/${posix.relative(state.root, dirname(path))}`;
  const inRoot = posix.resolve(place, target);
  const relative = posix.relative(place, inRoot);
  symlinkSync(relative === "" ? "." : relative, path);
}

function hardLink(entry: TarEntry, path: string, state: LayerState): void {
  const parts = entryParts(entry.linkPath);
  const parent = resolveInRoot(state.root, join(state.root, ...parts.slice(0, -1)));
  const target = parent === undefined ? undefined : join(parent, parts.at(-1) ?? "");
  const found = target === undefined ? undefined : statOf(target);
  if (target === undefined || found === undefined || target === state.root) {
    throw refused(
      `${JSON.stringify(entry.path)} is a link to ${JSON.stringify(entry.linkPath)}, which is not in the image`,
    );
  }
  if (found.isSymbolicLink()) {
    const meant = posix.resolve(`/${posix.relative(state.root, dirname(target))}`, readlinkSync(target));
    makeLink(meant, path, state);
  } else if (found.isFile()) {
    linkSync(target, path);
  } else {
    throw refused(`${JSON.stringify(entry.path)} is a hard link to something that is no file`);
  }
}

function finish(path: string, entry: TarEntry, options: UnpackOptions): void {
  if (options.owners) chownSync(path, entry.uid, entry.gid);
  // Without root nobody else owns the files: the own user keeps the right to read and remove them.
  const own = options.owners ? 0 : entry.kind === "folder" ? 0o700 : 0o400;
  chmodSync(path, (entry.mode & 0o7777) | own);
  utimesSync(path, entry.modified, entry.modified);
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
