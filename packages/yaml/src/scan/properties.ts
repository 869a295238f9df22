import { blankOrEnd, classOf, flowBit, hexValue, nameBit, uriBit } from "../characters.ts";
import type { Cursor, Mark } from "./cursor.ts";
import { aliasToken, anchorToken, tagToken } from "./token.ts";
import type { Token } from "./token.ts";

const bang = 33;
const percent = 37;

export function scanName(cursor: Cursor): string {
  const from = cursor.at;
  while ((classOf(cursor.text.charCodeAt(cursor.at)) & nameBit) !== 0) {
    cursor.at++;
  }
  return cursor.text.slice(from, cursor.at);
}

/** `&name` or `*name`. */
export function scanAnchor(cursor: Cursor, token: Token): void {
  const start = cursor.mark();
  const isAlias = cursor.text.charCodeAt(cursor.at) === 42;
  cursor.at++;
  const name = scanName(cursor);
  const code = cursor.text.charCodeAt(cursor.at);
  // What may follow: white space or one of ? : , ] } % @ `
  const closed =
    (classOf(code) & blankOrEnd) !== 0 ||
    ((classOf(code) & flowBit) !== 0 && code !== 91 && code !== 123) ||
    code === 58 ||
    code === percent ||
    code === 64 ||
    code === 96;
  if (name === "" || !closed) {
    const context = isAlias ? "while scanning an alias" : "while scanning an anchor";
    throw cursor.error(context, start, "did not find expected alphabetic or numeric character");
  }
  token.kind = isAlias ? aliasToken : anchorToken;
  token.start = start.offset;
  token.line = start.line;
  token.end = cursor.at;
  token.value = name;
}

/** `!<uri>`, `!suffix`, `!!suffix`, `!handle!suffix` or a lone `!`. */
export function scanTag(cursor: Cursor, token: Token): void {
  const start = cursor.mark();
  let handle = "";
  let suffix: string;
  if (cursor.text.charCodeAt(cursor.at + 1) === 60) {
    cursor.at += 2;
    suffix = scanTagUri(cursor, start, false, "");
    if (cursor.text.charCodeAt(cursor.at) !== 62) {
      throw cursor.error("while scanning a tag", start, "did not find the expected '>'");
    }
    cursor.at++;
  } else {
    handle = scanTagHandle(cursor, start, false);
    if (handle.length > 1 && handle.endsWith("!")) {
      suffix = scanTagUri(cursor, start, false, "");
    } else {
      suffix = scanTagUri(cursor, start, false, handle);
      handle = "!";
      if (suffix === "") {
        handle = "";
        suffix = "!";
      }
    }
  }
  if ((classOf(cursor.text.charCodeAt(cursor.at)) & blankOrEnd) === 0) {
    throw cursor.error("while scanning a tag", start, "did not find expected whitespace or line break");
  }
  token.kind = tagToken;
  token.start = start.offset;
  token.line = start.line;
  token.end = cursor.at;
  token.value = handle;
  token.suffix = suffix;
}

export function tagContext(isDirective: boolean): string {
  return isDirective ? "while parsing a %TAG directive" : "while parsing a tag";
}

export function scanTagHandle(cursor: Cursor, start: Mark, isDirective: boolean): string {
  if (cursor.text.charCodeAt(cursor.at) !== bang) {
    throw cursor.error(tagContext(isDirective), start, "did not find expected '!'");
  }
  cursor.at++;
  let handle = `!${scanName(cursor)}`;
  if (cursor.text.charCodeAt(cursor.at) === bang) {
    cursor.at++;
    handle += "!";
  } else if (isDirective && handle !== "!") {
    throw cursor.error(tagContext(isDirective), start, "did not find expected '!'");
  }
  return handle;
}

/** The URI part. `head` is what was read already ("!" and name characters); its '!' is not part of the URI. */
export function scanTagUri(cursor: Cursor, start: Mark, isDirective: boolean, head: string): string {
  const { text } = cursor;
  let uri = head.slice(1);
  const from = cursor.at;
  let code = text.charCodeAt(cursor.at);
  while ((classOf(code) & (nameBit | uriBit)) !== 0) {
    if (code === percent) {
      uri += scanUriEscapes(cursor, start, isDirective);
    } else {
      uri += text[cursor.at] ?? "";
      cursor.at++;
    }
    code = text.charCodeAt(cursor.at);
  }
  if (head === "" && cursor.at === from) {
    throw cursor.error(tagContext(isDirective), start, "did not find expected tag URI");
  }
  return uri;
}

/** The `%XX` escapes of one UTF-8 character. */
function scanUriEscapes(cursor: Cursor, start: Mark, isDirective: boolean): string {
  const { text } = cursor;
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    const high = hexValue(text.charCodeAt(cursor.at + 1));
    const low = hexValue(text.charCodeAt(cursor.at + 2));
    if (text.charCodeAt(cursor.at) !== percent || high < 0 || low < 0) {
      throw cursor.error(tagContext(isDirective), start, "did not find URI escaped octet");
    }
    const octet = high * 16 + low;
    if (octets.length === 0) {
      width = utf8Width(octet);
      if (width === 0) {
        throw cursor.error(tagContext(isDirective), start, "found an incorrect leading UTF-8 octet");
      }
    } else if ((octet & 0xc0) !== 0x80) {
      throw cursor.error(tagContext(isDirective), start, "found an incorrect trailing UTF-8 octet");
    }
    octets.push(octet);
    cursor.at += 3;
  }
  return Buffer.from(octets).toString("utf8");
}

function utf8Width(octet: number): number {
  if (octet < 0x80) {
    return 1;
  }
  if ((octet & 0xe0) === 0xc0) {
    return 2;
  }
  if ((octet & 0xf0) === 0xe0) {
    return 3;
  }
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}
