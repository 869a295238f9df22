import { breakBit, breakOrEnd, classOf, isDigit } from "../characters.ts";
import type { Cursor, Mark } from "./cursor.ts";
import { foldedStyle, literalStyle, scalarToken } from "./token.ts";
import type { Token } from "./token.ts";

const context = "while scanning a block scalar";

interface Header {
  /** -1: strip the last line break, 0: keep one, 1: keep all. */
  chomping: number;
  /** Given indentation, 0 when it is to be found out. */
  increment: number;
}

/** Indentation of the content, found out at the first line that is not empty. */
interface Body {
  indent: number;
  end: number;
}

/** A literal (`|`) or folded (`>`) scalar. */
export function scanBlockScalar(cursor: Cursor, token: Token): void {
  const start = cursor.mark();
  const literal = cursor.text.charCodeAt(cursor.at) === 124;
  token.kind = scalarToken;
  token.style = literal ? literalStyle : foldedStyle;
  token.start = start.offset;
  token.line = start.line;
  cursor.at++;
  const header = scanHeader(cursor, start);
  endHeaderLine(cursor, start);
  const body: Body = { indent: 0, end: cursor.at };
  if (header.increment > 0) {
    body.indent = Math.max(cursor.indent, 0) + header.increment;
  }
  token.value = scanBody(cursor, start, { literal, chomping: header.chomping, body });
  token.end = body.end;
}

function scanHeader(cursor: Cursor, start: Mark): Header {
  const header: Header = { chomping: 0, increment: 0 };
  const first = cursor.text.charCodeAt(cursor.at);
  if (first === 43 || first === 45) {
    takeChomping(cursor, header);
    takeIncrement(cursor, header, start);
  } else {
    takeIncrement(cursor, header, start);
    if (header.increment > 0) {
      takeChomping(cursor, header);
    }
  }
  return header;
}

function takeChomping(cursor: Cursor, header: Header): void {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === 43 || code === 45) {
    header.chomping = 44 - code;
    cursor.at++;
  }
}

function takeIncrement(cursor: Cursor, header: Header, start: Mark): void {
  const code = cursor.text.charCodeAt(cursor.at);
  if (!isDigit(code)) {
    return;
  }
  if (code === 48) {
    throw cursor.error(context, start, "found an indentation indicator equal to 0");
  }
  header.increment = code - 48;
  cursor.at++;
}

function endHeaderLine(cursor: Cursor, start: Mark): void {
  cursor.skipBlanks();
  cursor.skipComment();
  const bits = classOf(cursor.text.charCodeAt(cursor.at));
  if ((bits & breakOrEnd) === 0) {
    throw cursor.error(context, start, "did not find expected comment or line break");
  }
  if ((bits & breakBit) !== 0) {
    cursor.takeBreak();
  }
}

function scanBody(
  cursor: Cursor,
  start: Mark,
  { literal, chomping, body }: { literal: boolean; chomping: number; body: Body },
): string {
  const { text } = cursor;
  let value = "";
  let lineBreak = "";
  let afterBlank = false;
  let breaks = scanBreaks(cursor, body, start);
  while (cursor.at - cursor.lineStart === body.indent && text.charCodeAt(cursor.at) !== 0) {
    const first = text.charCodeAt(cursor.at);
    const blank = first === 32 || first === 9;
    if (!literal && !afterBlank && !blank && lineBreak === "\n") {
      value += breaks === "" ? " " : breaks;
    } else {
      value += lineBreak + breaks;
    }
    afterBlank = blank;
    const from = cursor.at;
    let at = from;
    let code = first;
    while ((code > 13 && code < 0x85) || (classOf(code) & breakOrEnd) === 0) {
      code = text.charCodeAt(++at);
    }
    value += text.slice(from, at);
    cursor.at = at;
    lineBreak = code === 0 ? "" : cursor.takeBreak();
    breaks = scanBreaks(cursor, body, start);
  }
  if (chomping !== -1) {
    value += lineBreak;
  }
  return chomping === 1 ? value + breaks : value;
}

/** Steps over indentation and empty lines, and returns the line breaks. */
function scanBreaks(cursor: Cursor, body: Body, start: Mark): string {
  const { text } = cursor;
  let breaks = "";
  let widest = 0;
  body.end = cursor.at;
  for (;;) {
    const limit = body.indent === 0 ? Number.MAX_SAFE_INTEGER : cursor.lineStart + body.indent;
    while (cursor.at < limit && text.charCodeAt(cursor.at) === 32) {
      cursor.at++;
    }
    widest = Math.max(widest, cursor.at - cursor.lineStart);
    const code = text.charCodeAt(cursor.at);
    if (code === 9 && cursor.at < limit) {
      throw cursor.error(context, start, "found a tab character where an indentation space is expected");
    }
    if ((classOf(code) & breakBit) === 0) {
      break;
    }
    breaks += cursor.takeBreak();
    body.end = cursor.at;
  }
  if (body.indent === 0) {
    body.indent = Math.max(widest, cursor.indent + 1, 1);
  }
  return breaks;
}
