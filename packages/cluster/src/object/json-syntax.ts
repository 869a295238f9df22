import { goQuote } from "./go-text.ts";

const END = "unexpected end of JSON input";

/** Where a text, or its bytes, stop being JSON, in the words of Go's scanner; undefined when it is JSON to the end. */
export function jsonSyntaxError(text: string | Buffer): string | undefined {
  const scanner = { bytes: typeof text === "string" ? Buffer.from(text) : text, at: 0 };
  try {
    scanValue(scanner);
    skipSpace(scanner);
    if (scanner.at < scanner.bytes.length) throw wrong(scanner, "after top-level value");
    return undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message;
    throw error;
  }
}

class JsonSyntaxError extends Error {}

interface Scanner {
  readonly bytes: Buffer;
  at: number;
}

function wrong({ bytes, at }: Scanner, where: string): JsonSyntaxError {
  const byte = bytes[at];
  if (byte === undefined) return new JsonSyntaxError(END);
  const character = String.fromCharCode(byte);
  const shown = character === "'" ? "\\'" : character === '"' ? '"' : goQuote(character).slice(1, -1);
  return new JsonSyntaxError(`invalid character '${shown}' ${where}`);
}

function skipSpace(scanner: Scanner): void {
  while (isOneOf(scanner, " \t\r\n")) scanner.at += 1;
}

function isOneOf({ bytes, at }: Scanner, characters: string): boolean {
  const byte = bytes[at];
  return byte !== undefined && characters.includes(String.fromCharCode(byte));
}

/** Objects and lists wait on a stack of their own, since texts can be nested deeper than calls. */
function scanValue(scanner: Scanner): void {
  const open: ("{" | "[")[] = [];
  for (;;) {
    skipSpace(scanner);
    const isBegun = beginValue(scanner, open);
    if (isBegun) continue;
    if (!endValue(scanner, open)) return;
  }
}

const BEGIN = "looking for beginning of value";

/** True when another value has to follow: the first of a list or an object. */
function beginValue(scanner: Scanner, open: ("{" | "[")[]): boolean {
  if (isOneOf(scanner, "{")) {
    scanner.at += 1;
    skipSpace(scanner);
    if (isOneOf(scanner, "}")) {
      scanner.at += 1;
      return false;
    }
    scanKey(scanner);
    open.push("{");
    return true;
  }
  if (isOneOf(scanner, "[")) {
    scanner.at += 1;
    skipSpace(scanner);
    if (isOneOf(scanner, "]")) {
      scanner.at += 1;
      return false;
    }
    open.push("[");
    return true;
  }
  scanPlain(scanner);
  return false;
}

/** After a value: what is closed by it, and whether another follows. */
function endValue(scanner: Scanner, open: ("{" | "[")[]): boolean {
  for (;;) {
    const inside = open.at(-1);
    if (inside === undefined) return false;
    skipSpace(scanner);
    if (isOneOf(scanner, ",")) {
      scanner.at += 1;
      skipSpace(scanner);
      if (inside === "{") scanKey(scanner);
      return true;
    }
    const where = inside === "{" ? "after object key:value pair" : "after array element";
    if (!isOneOf(scanner, inside === "{" ? "}" : "]")) throw wrong(scanner, where);
    scanner.at += 1;
    open.pop();
  }
}

function scanKey(scanner: Scanner): void {
  if (!isOneOf(scanner, '"')) throw wrong(scanner, "looking for beginning of object key string");
  scanString(scanner);
  skipSpace(scanner);
  if (!isOneOf(scanner, ":")) throw wrong(scanner, "after object key");
  scanner.at += 1;
}

function scanPlain(scanner: Scanner): void {
  if (isOneOf(scanner, '"')) return scanString(scanner);
  if (isOneOf(scanner, "-0123456789")) return scanNumber(scanner);
  for (const word of ["true", "false", "null"]) if (isOneOf(scanner, word.charAt(0))) return scanWord(scanner, word);
  throw wrong(scanner, BEGIN);
}

function scanWord(scanner: Scanner, word: string): void {
  for (const letter of word) {
    if (!isOneOf(scanner, letter)) throw wrong(scanner, `in literal ${word} (expecting '${letter}')`);
    scanner.at += 1;
  }
}

const SPACE = 0x20;

function scanString(scanner: Scanner): void {
  scanner.at += 1;
  while (!isOneOf(scanner, '"')) {
    if ((scanner.bytes[scanner.at] ?? 0) < SPACE) throw wrong(scanner, "in string literal");
    if (!isOneOf(scanner, "\\")) {
      scanner.at += 1;
      continue;
    }
    scanner.at += 1;
    if (!isOneOf(scanner, 'bfnrt\\/"u')) throw wrong(scanner, "in string escape code");
    const digits = isOneOf(scanner, "u") ? 4 : 0;
    scanner.at += 1;
    for (let digit = 0; digit < digits; digit++) {
      if (!isOneOf(scanner, "0123456789abcdefABCDEF")) throw wrong(scanner, "in \\u hexadecimal character escape");
      scanner.at += 1;
    }
  }
  scanner.at += 1;
}

function scanNumber(scanner: Scanner): void {
  if (isOneOf(scanner, "-")) scanner.at += 1;
  if (isOneOf(scanner, "0")) scanner.at += 1;
  else scanDigits(scanner, "in numeric literal");
  if (isOneOf(scanner, ".")) {
    scanner.at += 1;
    scanDigits(scanner, "after decimal point in numeric literal");
  }
  if (!isOneOf(scanner, "eE")) return;
  scanner.at += 1;
  if (isOneOf(scanner, "+-")) scanner.at += 1;
  scanDigits(scanner, "in exponent of numeric literal");
}

function scanDigits(scanner: Scanner, where: string): void {
  if (!isOneOf(scanner, "0123456789")) throw wrong(scanner, where);
  while (isOneOf(scanner, "0123456789")) scanner.at += 1;
}
