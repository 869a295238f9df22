import { decode } from "./decode.ts";
import type { DecodeOneOptions } from "./decode.ts";
import { YamlError } from "./yaml-error.ts";

/** Decodes bytes of a file: UTF-8, or UTF-16 with a byte order mark, as YAML 1.1 wants it. */
export function decodeBytes(bytes: Uint8Array, options: DecodeOneOptions = {}): unknown {
  return decode(textOfBytes(bytes), options);
}

/** The text of a YAML file. Throws a YamlError that says which encoding was found when it is none of YAML's. */
export function textOfBytes(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding === "utf-16 without a byte order mark" || encoding === "utf-32") {
    throw wrongEncoding(`the file is written in ${encoding}; save it as UTF-8`, 0);
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const at = firstInvalidByte(bytes);
    const place = encoding === "utf-8" ? ` at byte ${at}` : "";
    throw wrongEncoding(`the file is not valid ${encoding.toUpperCase()}${place}; save it as UTF-8`, at, { cause });
  }
}

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "utf-16 without a byte order mark" | "utf-32";

function encodingOf(bytes: Uint8Array): Encoding {
  const [a = -1, b = -1, c = -1, d = -1] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    return "utf-32";
  }
  if (a === 0xff && b === 0xfe) {
    return "utf-16le";
  }
  if (a === 0xfe && b === 0xff) {
    return "utf-16be";
  }
  // YAML starts with an ASCII character: a NUL beside it gives UTF-16 away.
  const nul = (a === 0) !== (b === 0) && bytes.length > 1 && (c === -1 || (a === 0) === (c === 0));
  return nul ? "utf-16 without a byte order mark" : "utf-8";
}

function firstInvalidByte(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (validPrefix(bytes.subarray(0, middle))) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  // The prefix may end inside the character that turned out wrong: that one began up to three bytes before.
  let start = low;
  while (start > 0 && start > low - 3 && ((bytes[start - 1] ?? 0) & 0xc0) === 0x80) {
    start--;
  }
  return start > 0 && (bytes[start - 1] ?? 0) >= 0xc0 && !complete(bytes.subarray(start - 1, low)) ? start - 1 : low;
}

function complete(character: Uint8Array): boolean {
  const first = character[0] ?? 0;
  return character.length === (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2);
}

function validPrefix(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    decoder.decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) {
      return false;
    }
    throw error;
  }
}

function wrongEncoding(message: string, offset: number, options?: ErrorOptions): YamlError {
  const position = { line: 0, column: 0, offset };
  const goMessage = "yaml: invalid leading UTF-8 octet";
  return new YamlError({ code: "encoding", message, goMessage, position, excerpt: "" }, options);
}
