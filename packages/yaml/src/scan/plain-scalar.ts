import { blankBit, blankOrEnd, breakBit, classOf, colonBit, flowBit } from "../characters.ts";
import type { Cursor } from "./cursor.ts";
import { fold } from "./fold.ts";
import { plainStyle, scalarToken } from "./token.ts";
import type { Token } from "./token.ts";

const stopInBlock = blankOrEnd | colonBit;
const stopInFlow = stopInBlock | flowBit;

/** A scalar without quotes. Most are one run of characters in one line, which costs one slice. */
export function scanPlainScalar(cursor: Cursor, token: Token): void {
  token.kind = scalarToken;
  token.style = plainStyle;
  token.start = cursor.at;
  token.line = cursor.line;
  const from = cursor.at;
  const end = skipLine(cursor);
  token.end = end;
  token.value = cursor.text.slice(from, end);
  cursor.folded = false;
  if ((classOf(cursor.text.charCodeAt(cursor.at)) & (blankBit | breakBit)) !== 0) {
    continueOnNextLines(cursor, token);
  }
  if (cursor.folded) {
    cursor.simpleKeyAllowed = true;
  }
}

/** Goes to the end of what belongs to the scalar in this line; the cursor stays behind it (before the white space). */
function skipLine(cursor: Cursor): number {
  const { text } = cursor;
  const stop = cursor.flowLevel > 0 ? stopInFlow : stopInBlock;
  let at = cursor.at;
  for (;;) {
    const bits = classOf(text.charCodeAt(at));
    if ((bits & stop) === 0) {
      at++;
      continue;
    }
    if ((bits & blankBit) !== 0) {
      const next = afterBlanks(text, at);
      const nextCode = text.charCodeAt(next);
      if (nextCode === 35 || endsScalar(text, next, stop)) {
        break;
      }
      at = next;
    } else if (endsScalar(text, at, stop)) {
      break;
    } else {
      at++;
    }
  }
  cursor.at = at;
  return at;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  let code = text.charCodeAt(at);
  while (code === 32 || code === 9) {
    code = text.charCodeAt(++at);
  }
  return at;
}

function endsScalar(text: string, at: number, stop: number): boolean {
  const bits = classOf(text.charCodeAt(at));
  if ((bits & colonBit) !== 0) {
    return (classOf(text.charCodeAt(at + 1)) & blankOrEnd) !== 0;
  }
  return (bits & stop) !== 0;
}

function continueOnNextLines(cursor: Cursor, token: Token): void {
  const { text } = cursor;
  const indent = cursor.indent + 1;
  const stop = cursor.flowLevel > 0 ? stopInFlow : stopInBlock;
  const start = { offset: token.start, line: token.line };
  let value = token.value;
  for (;;) {
    const joint = fold(cursor, false, indent);
    if (joint === undefined) {
      throw cursor.error("while scanning a plain scalar", start, "found a tab character that violates indentation");
    }
    if (cursor.flowLevel === 0 && cursor.at - cursor.lineStart < indent) {
      break;
    }
    if (cursor.atDocumentIndicator() || text.charCodeAt(cursor.at) === 35 || endsScalar(text, cursor.at, stop)) {
      break;
    }
    const from = cursor.at;
    const end = skipLine(cursor);
    value += joint + text.slice(from, end);
    token.end = end;
    cursor.folded = false;
    if ((classOf(text.charCodeAt(cursor.at)) & (blankBit | breakBit)) === 0) {
      break;
    }
  }
  token.value = value;
}
