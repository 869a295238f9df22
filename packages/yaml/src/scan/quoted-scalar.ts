import { blankBit, blankOrEnd, breakBit, breakOrEnd, classOf, hexValue } from "../characters.ts";
import type { Cursor, Mark } from "./cursor.ts";
import { fold } from "./fold.ts";
import { doubleStyle, scalarToken, singleStyle } from "./token.ts";
import type { Token } from "./token.ts";

const scanning = "while scanning a quoted scalar";
const parsing = "while parsing a quoted scalar";
const quote = 34;
const apostrophe = 39;
const backslash = 92;

/** A scalar in single or double quotes; without escapes and line breaks it is one slice. */
export function scanQuotedScalar(cursor: Cursor, token: Token): void {
  const { text } = cursor;
  const closing = text.charCodeAt(cursor.at);
  token.kind = scalarToken;
  token.style = closing === quote ? doubleStyle : singleStyle;
  token.start = cursor.at;
  token.line = cursor.line;
  let at = ++cursor.at;
  let code = text.charCodeAt(at);
  while (code !== closing && code !== backslash && (classOf(code) & breakOrEnd) === 0) {
    code = text.charCodeAt(++at);
  }
  const simple = code === closing && (closing === quote || text.charCodeAt(at + 1) !== apostrophe);
  if (simple) {
    token.value = text.slice(cursor.at, at);
    cursor.at = at + 1;
  } else {
    token.value = scanInPieces(cursor, closing, { offset: token.start, line: token.line });
  }
  token.end = cursor.at;
}

function scanInPieces(cursor: Cursor, closing: number, start: Mark): string {
  const { text } = cursor;
  let value = "";
  for (;;) {
    if (cursor.atDocumentIndicator()) {
      throw cursor.error(scanning, start, "found unexpected document indicator");
    }
    if (text.charCodeAt(cursor.at) === 0) {
      throw cursor.error(scanning, start, "found unexpected end of stream");
    }
    let afterEscape = false;
    let from = cursor.at;
    let code = text.charCodeAt(cursor.at);
    while ((classOf(code) & blankOrEnd) === 0) {
      if (code === closing) {
        if (code === quote || text.charCodeAt(cursor.at + 1) !== apostrophe) {
          break;
        }
        value += text.slice(from, cursor.at + 1);
        cursor.at += 2;
        from = cursor.at;
      } else if (code === backslash && closing === quote) {
        value += text.slice(from, cursor.at);
        afterEscape = (classOf(text.charCodeAt(cursor.at + 1)) & breakBit) !== 0;
        if (afterEscape) {
          cursor.at++;
          cursor.takeBreak();
          from = cursor.at;
          break;
        }
        value += scanEscape(cursor, start);
        from = cursor.at;
      } else {
        cursor.at++;
      }
      code = text.charCodeAt(cursor.at);
    }
    value += text.slice(from, cursor.at);
    code = text.charCodeAt(cursor.at);
    if (code === closing) {
      cursor.at++;
      return value;
    }
    if (afterEscape || (classOf(code) & (blankBit | breakBit)) !== 0) {
      value += fold(cursor, afterEscape, -1) ?? "";
    }
  }
}

const escapes = new Map<number, string>(
  Object.entries({
    "0": "\0",
    a: "\u0007",
    b: "\b",
    t: "\t",
    "\t": "\t",
    n: "\n",
    v: "\v",
    f: "\f",
    r: "\r",
    e: "\u001b",
    " ": " ",
    '"': '"',
    "'": "'",
    "\\": "\\",
    N: "\u0085",
    _: "\u00a0",
    L: "\u2028",
    P: "\u2029",
  }).map(([name, meaning]) => [name.charCodeAt(0), meaning]),
);

/** 'x', 'u' and 'U' are followed by this many hexadecimal digits. */
const codeLengths = new Map<number, number>([
  [0x78, 2],
  [0x75, 4],
  [0x55, 8],
]);

function scanEscape(cursor: Cursor, start: Mark): string {
  const name = cursor.text.charCodeAt(cursor.at + 1);
  const simple = escapes.get(name);
  if (simple !== undefined) {
    cursor.at += 2;
    return simple;
  }
  const length = codeLengths.get(name);
  if (length === undefined) {
    throw cursor.error(parsing, start, "found unknown escape character");
  }
  cursor.at += 2;
  let value = 0;
  for (let index = 0; index < length; index++) {
    const digit = hexValue(cursor.text.charCodeAt(cursor.at + index));
    if (digit < 0) {
      throw cursor.error(parsing, start, "did not find expected hexdecimal number");
    }
    value = value * 16 + digit;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    throw cursor.error(parsing, start, "found invalid Unicode character escape code");
  }
  cursor.at += length;
  return String.fromCodePoint(value);
}
