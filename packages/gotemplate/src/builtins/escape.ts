// html, js and urlquery.
import { sprint } from "../fmt/printf.ts";
import { stringToBytes } from "../go-string.ts";
import { GoStruct, pointedStruct } from "../value.ts";
import { isPrint, isRawByte } from "../strconv/unicode.ts";

/** The arguments as print shows them, but no value at all as templates do. */
function textOf(args: readonly unknown[]): string {
  const [only] = args;
  if (args.length === 1 && typeof only === "string") return only;
  return sprint(...args.map((arg) => (arg instanceof GoStruct ? pointedStruct(arg) : (arg ?? "<no value>"))));
}

const entities: Readonly<Record<string, string>> = {
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\0": "\uFFFD",
};

export function htmlEscape(...args: readonly unknown[]): string {
  return textOf(args).replace(/["'&<>\0]/gu, (char) => entities[char] ?? char);
}

function hexDigits(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}

export function jsEscape(...args: readonly unknown[]): string {
  let escaped = "";
  for (const char of textOf(args)) escaped += jsCharacter(char, char.codePointAt(0) ?? 0);
  return escaped;
}

function jsCharacter(char: string, code: number): string {
  if (char === "\\" || char === "'" || char === '"') return `\\${char}`;
  if (code < 0x20 || "<>&=".includes(char)) return `\\u${hexDigits(code)}`;
  if (code < 0x80) return char;
  return isRawByte(code) || isPrint(code) ? char : `\\u${hexDigits(code)}`;
}

export function queryEscape(...args: readonly unknown[]): string {
  let escaped = "";
  for (const byte of stringToBytes(textOf(args))) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/u.test(char)) escaped += char;
    else escaped += char === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}
