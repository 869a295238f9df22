// Shortening and wrapping; both count and cut bytes.
import { fromByteText, toByteText } from "./byte-text.ts";

const marker = "...";

export function abbreviate(text: string, offset: number, width: number): string {
  return fromByteText(abbreviateBytes(toByteText(text), offset, width));
}

function abbreviateBytes(bytes: string, offset: number, width: number): string {
  if (width < 4) return "";
  if (bytes.length <= width) return bytes;
  const start = Math.min(offset, bytes.length, Math.max(bytes.length - (width - 3), 0));
  if (start <= 4) return bytes.slice(0, width - 3) + marker;
  if (width < 7) return "";
  if (start + width - 3 < bytes.length) return marker + abbreviateBytes(bytes.slice(start), 0, width - 3);
  return marker + bytes.slice(bytes.length - (width - 3));
}

export interface WrapOptions {
  readonly width: number;
  readonly newLine: string;
  /** Cut words that are longer than a line, instead of letting them stand out. */
  readonly cutWords: boolean;
}

export function wrapText(text: string, options: WrapOptions): string {
  const newLine = options.newLine === "" ? "\n" : toByteText(options.newLine);
  const width = Math.max(options.width, 1);
  const bytes = toByteText(text);
  let result = "";
  let at = 0;
  while (bytes.length - at > width) {
    if (bytes[at] === " ") {
      at++;
      continue;
    }
    const space = bytes.lastIndexOf(" ", at + width);
    if (space >= at) {
      result += bytes.slice(at, space) + newLine;
      at = space + 1;
    } else if (options.cutWords) {
      result += bytes.slice(at, at + width) + newLine;
      at += width;
    } else {
      const next = bytes.indexOf(" ", at + width);
      result += next === -1 ? bytes.slice(at) : bytes.slice(at, next) + newLine;
      at = next === -1 ? bytes.length : next + 1;
    }
  }
  return fromByteText(result + bytes.slice(at));
}
