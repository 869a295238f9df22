import { regexpError } from "./ast.ts";
import { CharTest, type ClassPart, perlClass, posixClass, rangeSource, unicodeClass } from "./char-class.ts";

export interface Flags {
  readonly fold: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly swapGreed: boolean;
}

const plainEscapes: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** An escape that stands for one character, starting at the backslash. */
export function parseEscape(text: string, start: number): { readonly code: number; readonly end: number } {
  const rest = text.slice(start);
  if (rest.length < 2) throw regexpError("trailing backslash at end of expression", "");
  const octal = /^\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/u.exec(rest)?.[0];
  if (octal !== undefined) return { code: Number.parseInt(octal.slice(1), 8), end: start + octal.length };
  const hex = /^\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/u.exec(rest);
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    if (code <= 0x10ffff) return { code, end: start + hex[0].length };
  }
  const letter = rest.charAt(1);
  const plain = Object.hasOwn(plainEscapes, letter) ? plainEscapes[letter] : undefined;
  if (plain !== undefined) return { code: plain, end: start + 2 };
  const code = rest.codePointAt(1) ?? 0;
  if (code < 0x80 && !/[0-9A-Za-z]/u.test(letter)) return { code, end: start + 2 };
  throw regexpError("invalid escape sequence", wrongEscape(rest));
}

/** As much of the escape as Go had read when it gave up. */
function wrongEscape(rest: string): string {
  if (!rest.startsWith(String.raw`\x`)) return rest.slice(0, 1 + String.fromCodePoint(rest.codePointAt(1) ?? 0).length);
  const braces = /^\\x\{[0-9a-fA-F]*/u.exec(rest)?.[0];
  if (braces === undefined) return [...rest].slice(0, 4).join("");
  const digits = braces.slice(3);
  for (let length = 1; length <= digits.length; length++) {
    if (Number.parseInt(digits.slice(0, length), 16) > 0x10ffff) return braces.slice(0, 3 + length);
  }
  const next = rest.codePointAt(braces.length);
  return next === undefined ? braces : braces + String.fromCodePoint(next);
}

/** \pL, \p{Greek} and their opposites. */
export function parseUnicodeClass(text: string, start: number): { readonly part: ClassPart; readonly end: number } {
  let negated = text[start + 1] === "P";
  let name = String.fromCodePoint(text.codePointAt(start + 2) ?? 0);
  let end = start + 2 + name.length;
  if (start + 2 >= text.length) throw regexpError("invalid character class range", text.slice(start));
  if (name === "{") {
    const close = text.indexOf("}", start);
    if (close === -1) throw regexpError("invalid character class range", text.slice(start));
    name = text.slice(start + 3, close);
    end = close + 1;
  }
  if (name.startsWith("^")) {
    negated = !negated;
    name = name.slice(1);
  }
  const source = unicodeClass(name);
  if (source === undefined) throw regexpError("invalid character class range", text.slice(start, end));
  return { part: { source, negated }, end };
}

/** A class in brackets, starting at the opening one. */
export function parseClass(
  text: string,
  start: number,
  fold: boolean,
): { readonly test: CharTest; readonly end: number } {
  let at = start + 1;
  const negated = text[at] === "^";
  if (negated) at++;
  const parts: ClassPart[] = [];
  for (let first = true; first || text[at] !== "]"; first = false) {
    const named = parseNamed(text, at);
    if (named !== undefined) {
      parts.push(named.part);
      at = named.end;
      continue;
    }
    const low = parseChar(text, at, start);
    at = low.end;
    let high = low.code;
    if (text[at] === "-" && at + 1 < text.length && text[at + 1] !== "]") {
      const end = parseChar(text, at + 1, start);
      if (end.code < low.code) {
        throw regexpError("invalid character class range", text.slice(low.start, end.end));
      }
      high = end.code;
      at = end.end;
    }
    parts.push({ source: rangeSource(low.code, high), negated: false });
  }
  return { test: new CharTest(parts, { negated, fold }), end: at + 1 };
}

function parseNamed(text: string, at: number): { readonly part: ClassPart; readonly end: number } | undefined {
  if (text.startsWith("[:", at) && at + 2 < text.length) {
    const close = text.indexOf(":]", at + 2);
    if (close === -1) return undefined;
    const part = posixClass(text.slice(at + 2, close));
    if (part === undefined) throw regexpError("invalid character class range", text.slice(at, close + 2));
    return { part, end: close + 2 };
  }
  if (text[at] !== "\\") return undefined;
  const letter = text[at + 1] ?? "";
  if (letter === "p" || letter === "P") return parseUnicodeClass(text, at);
  const part = perlClass(letter);
  return part === undefined ? undefined : { part, end: at + 2 };
}

function parseChar(text: string, at: number, classStart: number): { code: number; start: number; end: number } {
  if (at >= text.length) throw regexpError("missing closing ]", text.slice(classStart));
  if (text[at] === "\\") return { ...parseEscape(text, at), start: at };
  const code = text.codePointAt(at) ?? 0;
  return { code, start: at, end: at + String.fromCodePoint(code).length };
}
