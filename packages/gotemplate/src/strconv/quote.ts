// Go's string and character literals, written.
import { isPrint, isRawByte, isSurrogate, maxRune } from "./unicode.ts";

const named: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  92: "\\\\",
};

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, "0");
}

function quotedRune(code: number, quote: number, asciiOnly: boolean): string {
  if (code === quote) return `\\${String.fromCharCode(quote)}`;
  const name = named[code];
  if (name !== undefined) return name;
  if (isRawByte(code)) return `\\x${hex(code & 0xff, 2)}`;
  if (isPrint(code) && (!asciiOnly || code < 0x80)) return String.fromCodePoint(code);
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code > maxRune || isSurrogate(code)) return "\\ufffd";
  return code < 0x1_0000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

/** strconv.Quote; with asciiOnly strconv.QuoteToASCII. */
export function quote(text: string, asciiOnly = false): string {
  if (plain.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const char of text) quoted += quotedRune(char.codePointAt(0) ?? 0, 0x22, asciiOnly);
  return `${quoted}"`;
}

/** strconv.QuoteRune; what is no valid code point is shown as U+FFFD. */
export function quoteRune(code: number, asciiOnly = false): string {
  const valid = code >= 0 && code <= maxRune && !isSurrogate(code) ? code : 0xfffd;
  return `'${quotedRune(valid, 0x27, asciiOnly)}'`;
}

/** True if the text can stand between back quotes unchanged: one line, no control characters but tab. */
export function canBackquote(text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0xfeff || code === 0x60 || code === 0x7f || isSurrogate(code)) return false;
    if (code < 0x20 && code !== 9) return false;
  }
  return true;
}

/** %#U without flags: U+002B '+'. */
export function runeName(code: number): string {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return isPrint(code) ? `${name} '${String.fromCodePoint(code)}'` : name;
}
