import { closeSync, openSync, readSync } from "node:fs";
import { BuildError } from "../build-error.ts";
import { elfDynamicBytesMax, elfHeadersMax, elfStringsBytesMax } from "../limits.ts";

export type Architecture = "amd64" | "arm64";

/** What a program or a library says about what it takes to load it. */
export interface ElfFile {
  readonly architecture: Architecture;
  /** The loader, for programs that are linked dynamically. */
  readonly interpreter: string | undefined;
  /** File names of libraries. */
  readonly needed: readonly string[];
  /** Folders that are searched first; `$ORIGIN` is the file's own. */
  readonly searchPath: readonly string[];
  /** Where the part ends that is ever loaded: what follows is for linkers and debuggers. */
  readonly loadedBytes: number;
}

const architectures: Readonly<Record<number, Architecture>> = { 62: "amd64", 183: "arm64" };

const segmentLoad = 1;
const segmentDynamic = 2;
const segmentInterpreter = 3;
const tagNeeded = 1;
const tagStrings = 5;
const tagStringBytes = 10;
const tagRpath = 15;
const tagRunpath = 29;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

/** Reads a 64-bit little-endian ELF file; undefined when the file is none, or one for another kind of machine. */
export function readElf(path: string): ElfFile | undefined {
  const file = openSync(path, "r");
  try {
    const read = (offset: number, bytes: number): Buffer => readAt(file, { path, offset, bytes });
    const start = Buffer.alloc(64);
    if (readSync(file, start, 0, 64, 0) < 64 || start.readUInt32BE(0) !== 0x7f454c46) return undefined;
    const architecture = architectures[start.readUInt16LE(18)];
    // 64 bits, the low byte first.
    if (start[4] !== 2 || start[5] !== 1 || architecture === undefined) return undefined;
    const segments = readSegments(start, read, path);
    const interpreter = segments.find((each) => each.type === segmentInterpreter);
    return {
      architecture,
      interpreter: interpreter && cString(read(interpreter.offset, bounded(interpreter.fileBytes, 4096, path)), 0),
      ...readDynamic(segments, read, path),
      loadedBytes: Math.max(64, ...segments.map(({ offset, fileBytes }) => offset + fileBytes)),
    };
  } finally {
    closeSync(file);
  }
}

type Read = (offset: number, bytes: number) => Buffer;

function readSegments(start: Buffer, read: Read, path: string): readonly Segment[] {
  const offset = Number(start.readBigUInt64LE(32));
  const size = start.readUInt16LE(54);
  const count = start.readUInt16LE(56);
  if (size < 56 || count > elfHeadersMax) throw damaged(path, `${count} program headers of ${size} bytes`);
  const table = read(offset, size * count);
  return Array.from({ length: count }, (_, index) => {
    const at = index * size;
    return {
      type: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      fileBytes: Number(table.readBigUInt64LE(at + 32)),
    };
  });
}

function readDynamic(
  segments: readonly Segment[],
  read: Read,
  path: string,
): { readonly needed: readonly string[]; readonly searchPath: readonly string[] } {
  const dynamic = segments.find((each) => each.type === segmentDynamic);
  if (dynamic === undefined) return { needed: [], searchPath: [] };
  const table = read(dynamic.offset, bounded(dynamic.fileBytes, elfDynamicBytesMax, path));
  const tags: { tag: number; value: number }[] = [];
  for (let at = 0; at + 16 <= table.length; at += 16) {
    const tag = Number(table.readBigInt64LE(at));
    if (tag === 0) break;
    tags.push({ tag, value: Number(table.readBigUInt64LE(at + 8)) });
  }
  const valueOf = (wanted: number): number => tags.find(({ tag }) => tag === wanted)?.value ?? 0;
  const strings = read(
    offsetOf(valueOf(tagStrings), segments, path),
    bounded(valueOf(tagStringBytes), elfStringsBytesMax, path),
  );
  const textsOf = (...wanted: readonly number[]): readonly string[] =>
    tags.filter(({ tag }) => wanted.includes(tag)).map(({ value }) => cString(strings, value));
  return {
    needed: textsOf(tagNeeded),
    searchPath: textsOf(tagRpath, tagRunpath).flatMap((text) => text.split(":")),
  };
}

/** The dynamic section speaks of addresses; the loaded segments say where in the file they are. */
function offsetOf(address: number, segments: readonly Segment[], path: string): number {
  const segment = segments.find(
    (each) => each.type === segmentLoad && address >= each.address && address < each.address + each.fileBytes,
  );
  if (segment === undefined) throw damaged(path, "its table of strings is not loaded");
  return address - segment.address + segment.offset;
}

function readAt(file: number, { path, offset, bytes }: { path: string; offset: number; bytes: number }): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at < bytes;) {
    const count = readSync(file, buffer, at, bytes - at, offset + at);
    if (count === 0) throw damaged(path, "it is cut off");
    at += count;
  }
  return buffer;
}

function cString(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start);
  return bytes.toString("utf8", start, end === -1 ? bytes.length : end);
}

function bounded(bytes: number, max: number, path: string): number {
  if (bytes > max) throw damaged(path, `a table of ${bytes} bytes, more than ${max}`);
  return bytes;
}

function damaged(path: string, why: string): BuildError {
  return new BuildError("invalid_file", `${path} is a damaged ELF file: ${why}`);
}
