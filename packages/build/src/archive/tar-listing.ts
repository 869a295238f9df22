import { BuildError } from "../build-error.ts";
import { tarExtensionBytesMax } from "../limits.ts";

export interface ListedEntry {
  /** Without a leading slash. */
  readonly path: string;
  /** A file that may be run, or a link that may lead to one. */
  readonly isProgram: boolean;
  readonly bytes: number;
}

const blockBytes = 512;

/** What a tar holds (ustar, pax and GNU names), without its contents. */
export async function* listTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<ListedEntry> {
  const reader = new BlockReader(source);
  let longPath: string | undefined;
  for (let header = await reader.read(blockBytes); header !== undefined; header = await reader.read(blockBytes)) {
    if (header.every((byte) => byte === 0)) continue;
    const type = String.fromCodePoint(header[156] ?? 0);
    const bytes = numberAt(header, 124, 12);
    const padded = Math.ceil(bytes / blockBytes) * blockBytes;
    if (type === "x" || type === "L") {
      if (padded > tarExtensionBytesMax)
        throw new BuildError("image_not_found", "a layer has a name of more than a megabyte");
      const text = ((await reader.read(padded)) ?? Buffer.alloc(0)).toString("utf8", 0, bytes);
      longPath =
        type === "L" ? text.replace(/\0.*$/su, "") : (/(?:^|\n)\d+ path=([^\n]*)\n/u.exec(text)?.[1] ?? longPath);
      continue;
    }
    const mode = numberAt(header, 100, 8);
    const path = (longPath ?? ustarPath(header)).replace(/^(?:\.?\/)+/u, "");
    longPath = undefined;
    const isFile = type === "0" || type === "\0" || type === "1";
    yield { path, isProgram: (isFile && (mode & 0o111) !== 0) || type === "2", bytes: isFile ? bytes : 0 };
    await reader.skip(type === "2" || type === "1" ? 0 : padded);
  }
}

function ustarPath(header: Buffer): string {
  const name = textAt(header, 0, 100);
  const prefix = header.toString("latin1", 257, 262) === "ustar" ? textAt(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textAt(header: Buffer, offset: number, bytes: number): string {
  return header.toString("utf8", offset, offset + bytes).replace(/\0.*$/su, "");
}

function numberAt(header: Buffer, offset: number, bytes: number): number {
  if (((header[offset] ?? 0) & 0x80) === 0) return Number.parseInt(textAt(header, offset, bytes).trim() || "0", 8);
  return Number(header.readBigUInt64BE(offset + bytes - 8));
}

/** A stream in pieces of the asked size; undefined at its end. */
class BlockReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async read(bytes: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    let missing = bytes;
    while (missing > 0) {
      if (this.#held.length === 0 && !(await this.#fill())) return undefined;
      const piece = this.#held.subarray(0, missing);
      this.#held = this.#held.subarray(piece.length);
      missing -= piece.length;
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  async skip(bytes: number): Promise<void> {
    let left = bytes;
    while (left > 0 && (this.#held.length > 0 || (await this.#fill()))) {
      const step = Math.min(left, this.#held.length);
      this.#held = this.#held.subarray(step);
      left -= step;
    }
  }

  async #fill(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#held = Buffer.from(next.value);
    return true;
  }
}
