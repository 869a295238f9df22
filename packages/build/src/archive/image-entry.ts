/** One path of an image. Paths have no leading slash; owners are root unless an entry says otherwise. */
export type ImageEntry = FolderEntry | FileEntry | LinkEntry;

interface Entry {
  readonly path: string;
  readonly owner?: number;
}

export interface FolderEntry extends Entry {
  readonly kind: "folder";
  readonly mode?: number;
}

export interface FileEntry extends Entry {
  readonly kind: "file";
  readonly mode?: number;
  readonly content: FileContent;
}

export interface LinkEntry extends Entry {
  readonly kind: "link";
  readonly target: string;
}

/** Bytes, or so many of a file on disk, some of them replaced. */
export type FileContent =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "disk"; readonly path: string; readonly bytes: number; readonly patches: readonly Patch[] };

export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export function contentBytes(content: FileContent): number {
  return content.kind === "bytes" ? content.bytes.length : content.bytes;
}

export function textFile(path: string, text: string): FileEntry {
  return { kind: "file", path, content: { kind: "bytes", bytes: Buffer.from(text) } };
}

export function diskFile(path: string, source: string, { bytes, mode }: { bytes: number; mode: number }): FileEntry {
  return { kind: "file", path, mode, content: { kind: "disk", path: source, bytes, patches: [] } };
}

/**
 * The entries with every folder on the way to them, in the one order that an image has: by the bytes of the path. Two entries of one path
 * are a mistake of whoever made them unless both are folders, of which the last counts.
 */
export function orderEntries(entries: readonly ImageEntry[]): readonly ImageEntry[] {
  const byPath = new Map<string, ImageEntry>();
  for (const entry of entries) {
    const parts = entry.path.split("/");
    for (let depth = 1; depth < parts.length; depth += 1) {
      const path = parts.slice(0, depth).join("/");
      if (!byPath.has(path)) byPath.set(path, { kind: "folder", path });
    }
    const known = byPath.get(entry.path);
    if (known !== undefined && !(known.kind === "folder" && entry.kind === "folder")) {
      throw new TypeError(`the image would have two entries ${entry.path}`);
    }
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()].toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
