import { closeSync, openSync, readSync } from "node:fs";

/** What the kernel needs besides the file itself to run a program. */
export interface ElfProgram {
  /** Of the processor that it is for, as in the file: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  /** The dynamic loader, e.g. `/lib64/ld-linux-x86-64.so.2`; undefined for a static program. */
  readonly loader: string | undefined;
  /** Libraries by name, e.g. `libc.so.6`. */
  readonly needed: readonly string[];
}

const readMax = 64 * 1024;

/** The first bytes of a program, and from an ELF file its loader and libraries. Undefined for anything else. */
export function readElfProgram(path: string): ElfProgram | undefined {
  const file = openSync(path, "r");
  try {
    const header = readAt(file, 0, 64);
    if (header.length < 64 || header.toString("latin1", 0, 4) !== "\u007FELF") return undefined;
    // 64 bits, little-endian: all that Node.js runs on.
    if (header[4] !== 2 || header[5] !== 1) return undefined;
    const segments = programHeaders(file, header);
    const interpreter = segments.find((each) => each.type === 3);
    const dynamic = segments.find((each) => each.type === 2);
    return {
      machine: header.readUInt16LE(18),
      loader: interpreter === undefined ? undefined : cString(readAt(file, interpreter.offset, interpreter.fileBytes)),
      needed: dynamic === undefined ? [] : neededLibraries(file, dynamic, segments),
    };
  } finally {
    closeSync(file);
  }
}

/** The interpreter of a script: the path and the one argument that `#!` may have. */
export function readShebang(path: string): { interpreter: string; argument: string | undefined } | undefined {
  const file = openSync(path, "r");
  try {
    const text = readAt(file, 0, 256).toString("latin1");
    const match = /^#![ \t]*(\S+)[ \t]*([^\n]*?)[ \t]*(?:\n|$)/u.exec(text);
    if (match === null) return undefined;
    const argument = match[2] ?? "";
    return { interpreter: match[1] ?? "", argument: argument === "" ? undefined : argument };
  } finally {
    closeSync(file);
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

function programHeaders(file: number, header: Buffer): Segment[] {
  const start = Number(header.readBigUInt64LE(32));
  const size = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  const table = readAt(file, start, Math.min(size * count, readMax));
  const segments: Segment[] = [];
  if (size < 56) return segments;
  for (let at = 0; at + 56 <= table.length; at += size) {
    segments.push({
      type: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      fileBytes: Number(table.readBigUInt64LE(at + 32)),
    });
  }
  return segments;
}

function neededLibraries(file: number, dynamic: Segment, segments: readonly Segment[]): string[] {
  const table = readAt(file, dynamic.offset, Math.min(dynamic.fileBytes, readMax));
  const names: number[] = [];
  let strings = 0;
  for (let at = 0; at + 16 <= table.length; at += 16) {
    const tag = Number(table.readBigInt64LE(at));
    const value = Number(table.readBigUInt64LE(at + 8));
    if (tag === 0) break;
    if (tag === 1) names.push(value);
    if (tag === 5) strings = value;
  }
  const home = segments.find(
    (each) => each.type === 1 && strings >= each.address && strings < each.address + each.fileBytes,
  );
  if (home === undefined) return [];
  const base = home.offset + (strings - home.address);
  return names.map((name) => cString(readAt(file, base + name, 256)));
}

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(Math.min(length, readMax));
  const count = readSync(file, buffer, 0, buffer.length, position);
  return buffer.subarray(0, count);
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("latin1", 0, end < 0 ? bytes.length : end);
}
