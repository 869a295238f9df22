import { open } from "node:fs/promises";
import { BuildError } from "../build-error.ts";
import { contentBytes, orderEntries, type FileContent, type ImageEntry } from "./image-entry.ts";

const blockBytes = 512;
const readBytes = 1024 * 1024;

/**
 * A tar (POSIX ustar; pax headers only where a name is too long) that depends on its entries alone: their order, owners and modes
 * are given, and every time is the beginning of 1970, since a layer whose content did not change must keep its digest.
 */
export async function* writeTar(entries: readonly ImageEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of orderEntries(entries)) {
    yield headersOf(entry);
    if (entry.kind !== "file") continue;
    yield* readContent(entry.content);
    const rest = contentBytes(entry.content) % blockBytes;
    if (rest !== 0) yield Buffer.alloc(blockBytes - rest);
  }
  yield Buffer.alloc(2 * blockBytes);
}

async function* readContent(content: FileContent): AsyncGenerator<Uint8Array> {
  if (content.kind === "bytes") {
    yield content.bytes;
    return;
  }
  await using file = await open(content.path);
  for (let at = 0; at < content.bytes;) {
    const piece = Buffer.allocUnsafe(Math.min(readBytes, content.bytes - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) {
      throw new BuildError("invalid_file", `${content.path} became shorter while it was read: build again`);
    }
    const read = piece.subarray(0, bytesRead);
    for (const { offset, bytes } of content.patches) {
      for (const [index, byte] of bytes.entries()) {
        const place = offset + index - at;
        if (place >= 0 && place < read.length) read[place] = byte;
      }
    }
    yield read;
    at += bytesRead;
  }
}

function headersOf(entry: ImageEntry): Buffer {
  const name = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  const target = entry.kind === "link" ? entry.target : "";
  const split = splitName(name);
  const long: [string, string][] = [];
  if (split === undefined) long.push(["path", name]);
  if (Buffer.byteLength(target) > 100) long.push(["linkpath", target]);
  const own = header(entry, { name: split ?? { prefix: "", name: cut(name, 100) }, target: cut(target, 100) });
  return long.length === 0 ? own : Buffer.concat([paxHeader(long), own]);
}

interface SplitName {
  readonly prefix: string;
  readonly name: string;
}

/** At most 100 bytes after a slash and 155 before it. */
function splitName(name: string): SplitName | undefined {
  if (Buffer.byteLength(name) <= 100) return { prefix: "", name };
  for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1)) {
    const split = { prefix: name.slice(0, slash), name: name.slice(slash + 1) };
    const fits = Buffer.byteLength(split.name) <= 100 && Buffer.byteLength(split.prefix) <= 155;
    if (fits && split.name !== "") return split;
  }
  return undefined;
}

function cut(text: string, bytesMax: number): string {
  let end = Math.min(text.length, bytesMax);
  while (Buffer.byteLength(text.slice(0, end)) > bytesMax) end -= 1;
  return text.slice(0, end);
}

const typeOf: Readonly<Record<ImageEntry["kind"], string>> = { file: "0", link: "2", folder: "5" };
const modeOf: Readonly<Record<ImageEntry["kind"], number>> = { file: 0o644, link: 0o777, folder: 0o755 };

function header(entry: ImageEntry, { name, target }: { name: SplitName; target: string }): Buffer {
  const mode = entry.kind === "link" ? modeOf.link : (entry.mode ?? modeOf[entry.kind]);
  const bytes = entry.kind === "file" ? contentBytes(entry.content) : 0;
  return block({ name, target, mode, owner: entry.owner ?? 0, bytes, type: typeOf[entry.kind] });
}

interface Block {
  readonly name: SplitName;
  readonly target: string;
  readonly mode: number;
  readonly owner: number;
  readonly bytes: number;
  readonly type: string;
}

function block({ name, target, mode, owner, bytes, type }: Block): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.write(name.name, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(owner, 8), 108);
  block.write(octal(owner, 8), 116);
  block.write(octal(bytes, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write(target, 157);
  block.write("ustar\u000000", 257);
  block.write(name.prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function octal(value: number, width: number): string {
  const digits = value.toString(8);
  if (digits.length > width - 1) throw new BuildError("invalid_file", `${value} is more than a layer's entry can say`);
  return `${digits.padStart(width - 1, "0")}\0`;
}

/** Each record begins with its own length, which counts its own digits. */
function paxHeader(records: readonly (readonly [string, string])[]): Buffer {
  const body = Buffer.from(records.map(([key, value]) => paxRecord(` ${key}=${value}\n`)).join(""));
  const own = block({
    name: { prefix: "", name: "pax" },
    target: "",
    mode: 0o644,
    owner: 0,
    bytes: body.length,
    type: "x",
  });
  const padding = Buffer.alloc((blockBytes - (body.length % blockBytes)) % blockBytes);
  return Buffer.concat([own, body, padding]);
}

function paxRecord(rest: string): string {
  const bytes = Buffer.byteLength(rest);
  let total = bytes + String(bytes).length;
  if (bytes + String(total).length !== total) total = bytes + String(total).length;
  return `${total}${rest}`;
}
