import { blankBit, blankOrEnd, breakBit, breakOrEnd, classOf, isDigit } from "../characters.ts";
import type { Cursor, Mark } from "./cursor.ts";
import { scanName, scanTagHandle, scanTagUri } from "./properties.ts";
import { tagDirective, versionDirective } from "./token.ts";
import type { Token } from "./token.ts";

const scanningDirective = "while scanning a directive";
const scanningVersion = "while scanning a %YAML directive";
const scanningTag = "while scanning a %TAG directive";

/** `%YAML 1.1` or `%TAG !handle! prefix`, with the rest of its line. */
export function scanDirective(cursor: Cursor, token: Token): void {
  const start = cursor.mark();
  token.start = start.offset;
  token.line = start.line;
  cursor.at++;
  const name = scanName(cursor);
  if (name === "") {
    throw cursor.error(scanningDirective, start, "could not find expected directive name");
  }
  if ((classOf(cursor.text.charCodeAt(cursor.at)) & blankOrEnd) === 0) {
    throw cursor.error(scanningDirective, start, "found unexpected non-alphabetical character");
  }
  if (name === "YAML") {
    scanVersion(cursor, token, start);
  } else if (name === "TAG") {
    scanTagDirective(cursor, token, start);
  } else {
    throw cursor.error(scanningDirective, start, "found unknown directive name");
  }
  token.end = cursor.at;
  cursor.skipBlanks();
  cursor.skipComment();
  const bits = classOf(cursor.text.charCodeAt(cursor.at));
  if ((bits & breakOrEnd) === 0) {
    throw cursor.error(scanningDirective, start, "did not find expected comment or line break");
  }
  if ((bits & breakBit) !== 0) {
    cursor.takeBreak();
  }
}

function scanVersion(cursor: Cursor, token: Token, start: Mark): void {
  token.kind = versionDirective;
  cursor.skipBlanks();
  const major = scanNumber(cursor, start);
  if (cursor.text.charCodeAt(cursor.at) !== 46) {
    throw cursor.error(scanningVersion, start, "did not find expected digit or '.' character");
  }
  cursor.at++;
  token.value = `${major}.${scanNumber(cursor, start)}`;
}

function scanNumber(cursor: Cursor, start: Mark): number {
  let value = 0;
  let length = 0;
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (!isDigit(code)) {
      break;
    }
    length++;
    if (length > 2) {
      throw cursor.error(scanningVersion, start, "found extremely long version number");
    }
    value = value * 10 + code - 48;
    cursor.at++;
  }
  if (length === 0) {
    throw cursor.error(scanningVersion, start, "did not find expected version number");
  }
  return value;
}

function scanTagDirective(cursor: Cursor, token: Token, start: Mark): void {
  token.kind = tagDirective;
  cursor.skipBlanks();
  token.value = scanTagHandle(cursor, start, true);
  if ((classOf(cursor.text.charCodeAt(cursor.at)) & blankBit) === 0) {
    throw cursor.error(scanningTag, start, "did not find expected whitespace");
  }
  cursor.skipBlanks();
  token.suffix = scanTagUri(cursor, start, true, "");
  if ((classOf(cursor.text.charCodeAt(cursor.at)) & blankOrEnd) === 0) {
    throw cursor.error(scanningTag, start, "did not find expected whitespace or line break");
  }
}
