// Go's string and character literals, read.
import { bytesToString, hasRawBytes, stringToBytes } from "../go-string.ts";
import { isSurrogate, maxRune } from "./unicode.ts";

const simple: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
};

const digitsOfEscape: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export interface UnquotedRune {
  readonly code: number;
  /** True for \x and octal escapes, which stand for one byte. */
  readonly isByte: boolean;
  readonly next: number;
}

/** The character or escape at that place, or undefined if it is malformed. */
export function unquoteRune(text: string, at: number, quote: string): UnquotedRune | undefined {
  const code = text.codePointAt(at);
  if (code === undefined || text[at] === quote) return undefined;
  if (code !== 0x5c) return { code, isByte: false, next: at + (code > 0xffff ? 2 : 1) };
  const escape = text[at + 1];
  if (escape === undefined) return undefined;
  const plain = simple[escape];
  if (plain !== undefined) return { code: plain, isByte: false, next: at + 2 };
  const length = digitsOfEscape[escape];
  if (length !== undefined) return unquoteHex(text, at + 2, length);
  if (escape >= "0" && escape <= "7") return unquoteOctal(text, at + 1);
  return escape === quote ? { code: escape.charCodeAt(0), isByte: false, next: at + 2 } : undefined;
}

function unquoteHex(text: string, start: number, length: number): UnquotedRune | undefined {
  const digits = text.slice(start, start + length);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  if (length > 2 && (code > maxRune || isSurrogate(code))) return undefined;
  return { code, isByte: length === 2, next: start + length };
}

function unquoteOctal(text: string, start: number): UnquotedRune | undefined {
  const digits = text.slice(start, start + 3);
  if (!/^[0-7]{3}$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 8);
  return code > 255 ? undefined : { code, isByte: true, next: start + 3 };
}

/** strconv.Unquote for "..." and `...`; undefined if it is malformed. */
export function unquote(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (literal.startsWith("`")) return body.replaceAll("\r", "");
  if (body.includes("\n")) return undefined;
  if (!body.includes("\\")) return body;
  let text = "";
  for (let at = 0; at < body.length;) {
    const rune = unquoteRune(body, at, '"');
    if (rune === undefined) return undefined;
    text += String.fromCodePoint(rune.isByte && rune.code > 0x7f ? 0xdc00 + rune.code : rune.code);
    at = rune.next;
  }
  // Bytes written one by one may make up valid UTF-8 together.
  return hasRawBytes(text) ? bytesToString(stringToBytes(text)) : text;
}
