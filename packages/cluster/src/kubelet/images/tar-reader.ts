import { KubeletError } from "../kubelet-error.ts";
import { tarHeaderBytesMax } from "../limits.ts";

/** One entry of a tar stream (POSIX ustar, pax and GNU long names). The body has to be read or skipped before the next entry. */
export interface TarEntry {
  readonly path: string;
  readonly kind: TarEntryKind;
  readonly linkPath: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds. */
  readonly modified: number;
}

export type TarEntryKind =
  | "file"
  | "hard-link"
  | "symbolic-link"
  | "character-device"
  | "block-device"
  | "folder"
  | "pipe";

const kinds: Readonly<Record<string, TarEntryKind>> = {
  "\0": "file",
  "0": "file",
  "1": "hard-link",
  "2": "symbolic-link",
  "3": "character-device",
  "4": "block-device",
  "5": "folder",
  "6": "pipe",
  "7": "file",
};

const blockBytes = 512;

interface Extended {
  path?: string;
  linkpath?: string;
  size?: string;
  uid?: string;
  gid?: string;
  mtime?: string;
}

/** Reads a tar as it arrives; holds one chunk of it, whatever its size. */
export class TarReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);
  #bodyLeft = 0;
  #padding = 0;
  readonly #global: Extended = {};

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next entry, undefined at the end of the archive. */
  async next(): Promise<TarEntry | undefined> {
    const extended: Extended = {};
    let longPath: string | undefined;
    let longLink: string | undefined;
    for (;;) {
      await this.#skip(this.#bodyLeft + this.#padding);
      this.#bodyLeft = 0;
      this.#padding = 0;
      const header = await this.#header();
      if (header === undefined) return undefined;
      const type = String.fromCodePoint(header[156] ?? 0);
      const size = readNumber(header, 124, 12);
      if (type === "x" || type === "g" || type === "L" || type === "K") {
        const text = await this.#extension(size);
        if (type === "x") Object.assign(extended, parsePax(text));
        else if (type === "g") Object.assign(this.#global, parsePax(text));
        else if (type === "L") longPath = cString(text);
        else longLink = cString(text);
        continue;
      }
      const all = { ...this.#global, ...extended };
      if (longPath !== undefined) all.path ??= longPath;
      if (longLink !== undefined) all.linkpath ??= longLink;
      return this.#entry(header, type, all);
    }
  }

  /** The bytes of the entry that `next` answered last. */
  async *body(): AsyncGenerator<Buffer> {
    while (this.#bodyLeft > 0) {
      if (this.#chunk.length === 0 && !(await this.#fill())) throw truncated();
      const piece = this.#chunk.subarray(0, this.#bodyLeft);
      this.#chunk = this.#chunk.subarray(piece.length);
      this.#bodyLeft -= piece.length;
      yield piece;
    }
  }

  /** Reads on to the end of the stream, so that a digest over it is whole. */
  async drain(): Promise<void> {
    this.#chunk = Buffer.alloc(0);
    while (await this.#fill()) this.#chunk = Buffer.alloc(0);
  }

  #entry(header: Buffer, type: string, all: Extended): TarEntry {
    const kind = kinds[type];
    if (kind === undefined) throw refused(`it has an entry of the unknown type ${JSON.stringify(type)}`);
    const size = all.size === undefined ? readNumber(header, 124, 12) : decimal(all.size);
    const hasBody = kind === "file";
    this.#bodyLeft = hasBody ? size : 0;
    this.#padding = hasBody ? (blockBytes - (size % blockBytes)) % blockBytes : 0;
    return {
      path: all.path ?? ustarPath(header),
      kind: kind === "file" && (all.path ?? ustarPath(header)).endsWith("/") ? "folder" : kind,
      linkPath: all.linkpath ?? field(header, 157, 100),
      mode: readNumber(header, 100, 8),
      uid: all.uid === undefined ? readNumber(header, 108, 8) : decimal(all.uid),
      gid: all.gid === undefined ? readNumber(header, 116, 8) : decimal(all.gid),
      size: hasBody ? size : 0,
      modified: all.mtime === undefined ? readNumber(header, 136, 12) : Number.parseFloat(all.mtime) || 0,
    };
  }

  async #extension(size: number): Promise<string> {
    if (size > tarHeaderBytesMax) throw refused(`an extended header has ${size} bytes, more than ${tarHeaderBytesMax}`);
    const bytes = await this.#exactly(size);
    await this.#skip((blockBytes - (size % blockBytes)) % blockBytes);
    return bytes.toString("utf8");
  }

  /** A block that isn't zeros; the end is two blocks of zeros, or (some writers) just the end. */
  async #header(): Promise<Buffer | undefined> {
    for (let zeros = 0; zeros < 2; zeros += 1) {
      if (this.#chunk.length === 0 && !(await this.#fill())) return undefined;
      const block = await this.#exactly(blockBytes);
      if (block.every((byte) => byte === 0)) continue;
      checkSum(block);
      return block;
    }
    return undefined;
  }

  async #exactly(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      if (this.#chunk.length === 0 && !(await this.#fill())) throw truncated();
      const piece = this.#chunk.subarray(0, missing);
      this.#chunk = this.#chunk.subarray(piece.length);
      missing -= piece.length;
      pieces.push(piece);
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }

  async #skip(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      if (this.#chunk.length === 0 && !(await this.#fill())) throw truncated();
      const step = Math.min(left, this.#chunk.length);
      this.#chunk = this.#chunk.subarray(step);
      left -= step;
    }
  }

  async #fill(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#source.next();
      if (done === true) return false;
      if (value.length === 0) continue;
      this.#chunk = Buffer.isBuffer(value) ? value : Buffer.from(value);
      return true;
    }
  }
}

function refused(why: string): KubeletError {
  return new KubeletError("image-refused", `the layer is refused: ${why}`);
}

function truncated(): KubeletError {
  return new KubeletError("image-invalid", "the layer's tar ends in the middle of an entry");
}

function checkSum(block: Buffer): void {
  let sum = 0;
  for (let index = 0; index < blockBytes; index += 1) {
    sum += index >= 148 && index < 156 ? 32 : (block[index] ?? 0);
  }
  if (sum !== readNumber(block, 148, 8)) {
    throw new KubeletError("image-invalid", "the layer is no tar: a header's checksum is wrong");
  }
}

function field(block: Buffer, start: number, length: number): string {
  return cString(block.toString("utf8", start, start + length));
}

function cString(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

function ustarPath(block: Buffer): string {
  const name = field(block, 0, 100);
  const isUstar = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? field(block, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal text, or base 256 where the first bit is set. */
function readNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) === 0) {
    const text = field(block, start, length).trim();
    if (text === "") return 0;
    if (!/^[0-7]+$/u.test(text)) throw refused(`a number in a header is no octal number: ${JSON.stringify(text)}`);
    return Number.parseInt(text, 8);
  }
  if (first !== 0x80) throw refused("a number in a header is negative or too big");
  let value = 0;
  for (let index = start + 1; index < start + length; index += 1) {
    value = value * 256 + (block[index] ?? 0);
    if (!Number.isSafeInteger(value)) throw refused("a number in a header is too big");
  }
  return value;
}

function decimal(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw refused(`a number in an extended header is ${JSON.stringify(text)}`);
  return Number(text);
}

/** Records of the form `LENGTH KEY=VALUE\n`; the length counts bytes. */
function parsePax(text: string): Extended {
  const bytes = Buffer.from(text, "utf8");
  const found: Extended = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString("latin1", at, space));
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > bytes.length) {
      throw refused("an extended header is not well-formed");
    }
    const record = bytes.toString("utf8", space + 1, at + length - 1);
    const equals = record.indexOf("=");
    const key = record.slice(0, equals);
    if (key.startsWith("GNU.sparse.")) throw refused("it has a sparse file");
    const value = record.slice(equals + 1);
    if (isKept(key)) found[key] = value;
    at += length;
  }
  return found;
}

function isKept(key: string): key is keyof Extended {
  return ["path", "linkpath", "size", "uid", "gid", "mtime"].includes(key);
}
