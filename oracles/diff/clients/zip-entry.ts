// One file out of a ZIP archive, so that no unzip program is needed (APPNOTE.TXT 4.3: the directory is at the end).
import { inflateRawSync } from "node:zlib";
import { OracleError } from "../../machine/oracle-error.ts";

const endOfDirectory = 0x06_05_4b_50;
const endBytes = 22;

export function zipEntry(archive: Buffer, name: string): Buffer {
  let end = archive.length - endBytes;
  while (end >= 0 && archive.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw new OracleError("bad-state", "the archive is no ZIP: its directory is missing");
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < entries; index++) {
    const nameLength = archive.readUInt16LE(at + 28);
    const found = archive.toString("utf8", at + 46, at + 46 + nameLength);
    if (found === name) return contentOf(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new OracleError("bad-state", `the archive has no ${name}`);
}

function contentOf(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const length = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + length);
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new OracleError("bad-state", `the archive is packed by method ${method}: only 0 and 8 are read`);
}
