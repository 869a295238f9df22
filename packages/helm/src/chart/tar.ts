import { HelmError } from "../errors.ts";
import { limits } from "../limits.ts";

/** An entry of a tar archive, in archive order. Links and devices have no data. */
export interface TarEntry {
  readonly name: string;
  readonly directory: boolean;
  readonly data: Uint8Array;
}

const blockBytes = 512;

/** What extension headers say about the entry after them. */
interface Override {
  name?: string;
  size?: number;
}

/** Reads the entries of a tar archive (ustar, GNU long names, pax). */
export function readTar(archive: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = [];
  let next: Override = {};
  for (let at = 0; at + blockBytes <= archive.length;) {
    const header = archive.subarray(at, at + blockBytes);
    if (header.every((byte) => byte === 0)) break;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = next.size ?? numberField(header, 124, 136);
    const start = at + blockBytes;
    const bodyBytes = hasBody(type) ? size : 0;
    if (start + bodyBytes > archive.length) throw broken("unexpected EOF");
    const body = archive.subarray(start, start + bodyBytes);
    at = start + Math.ceil(bodyBytes / blockBytes) * blockBytes;
    if (type === "x") {
      readPax(body, next);
    } else if (type === "L") {
      next.name = textField(body, 0, body.length);
    } else if (type !== "g" && type !== "K") {
      const name = next.name ?? nameField(header);
      entries.push({ name, directory: type === "5" || (isFile(type) && name.endsWith("/")), data: body });
      next = {};
      if (entries.length > limits.archiveEntriesMax) {
        throw new HelmError("limit-exceeded", `chart archive has more than ${limits.archiveEntriesMax} entries`);
      }
    }
  }
  return entries;
}

function isFile(type: string): boolean {
  return type === "0" || type === "\0" || type === "7" || type === "S";
}

/** Links, devices, folders and pipes carry no data whatever their size field says. */
function hasBody(type: string): boolean {
  return !"123456".includes(type);
}

function nameField(header: Uint8Array): string {
  const name = textField(header, 0, 100);
  const magic = textField(header, 257, 263);
  const prefix = magic === "ustar" ? textField(header, 345, 500) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textField(bytes: Uint8Array, start: number, end: number): string {
  const field = bytes.subarray(start, end);
  const zero = field.indexOf(0);
  return Buffer.from(zero === -1 ? field : field.subarray(0, zero)).toString("utf8");
}

/** Octal text, or big-endian binary when the first bit is set (GNU, for large files). */
function numberField(header: Uint8Array, start: number, end: number): number {
  const first = header[start] ?? 0;
  if (first >= 0x80) {
    let value = first & 0x7f;
    for (const byte of header.subarray(start + 1, end)) value = value * 256 + byte;
    return value;
  }
  const text = textField(header, start, end).trim();
  if (text === "") return 0;
  if (!/^[0-7]+$/u.test(text)) throw broken("invalid tar header");
  return Number.parseInt(text, 8);
}

function checkSum(header: Uint8Array): void {
  let unsigned = 0;
  for (let at = 0; at < blockBytes; at++) unsigned += at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0);
  if (numberField(header, 148, 156) !== unsigned) throw broken("invalid tar header");
}

/** Records of the form `LENGTH KEY=VALUE\n`, the length counting itself. */
function readPax(body: Uint8Array, found: Override): void {
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = space === -1 ? Number.NaN : Number(textField(body, at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > body.length) {
      throw broken("invalid tar header");
    }
    const record = textField(body, space + 1, at + length - 1);
    const equals = record.indexOf("=");
    const value = record.slice(equals + 1);
    if (record.startsWith("path=")) found.name = value;
    if (record.startsWith("size=")) found.size = Number(value);
    at += length;
  }
  if (found.size !== undefined && !(Number.isSafeInteger(found.size) && found.size >= 0)) {
    throw broken("invalid tar header");
  }
}

function broken(reason: string): HelmError {
  return new HelmError("archive-invalid", `archive/tar: ${reason}`);
}
