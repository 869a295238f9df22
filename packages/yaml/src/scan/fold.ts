import { blankBit, breakBit, classOf } from "../characters.ts";
import type { Cursor } from "./cursor.ts";

/**
 * Steps over the white space inside a plain or quoted scalar and returns what it means: itself within a line; a space
 * for one line break; the other breaks for several. `afterEscape`: a backslash already took the first break.
 * `tabColumn`: tabs in an indentation that ends before this column are refused by returning undefined.
 */
export function fold(cursor: Cursor, afterEscape: boolean, tabColumn: number): string | undefined {
  const { text } = cursor;
  const start = cursor.at;
  let folding = afterEscape;
  let first = "";
  let rest = "";
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    const bits = classOf(code);
    if ((bits & blankBit) !== 0) {
      if (folding && code === 9 && cursor.at - cursor.lineStart < tabColumn) {
        return undefined;
      }
      cursor.at++;
    } else if ((bits & breakBit) !== 0) {
      if (folding) {
        rest += cursor.takeBreak();
      } else {
        first = cursor.takeBreak();
        folding = true;
      }
    } else {
      break;
    }
  }
  cursor.folded = folding;
  if (!folding) {
    return text.slice(start, cursor.at);
  }
  if (first === "\n") {
    return rest === "" ? " " : rest;
  }
  return first + rest;
}
