import {
  type GoFunction,
  GoNil,
  byteLength,
  compareStrings,
  defineFunction,
  kindOf,
  mapType,
  quote,
  sliceBytes,
  sprintf,
  withType,
} from "@fairway/gotemplate";
import { trimSpace } from "../text/go-space.ts";
import { toByteText } from "./byte-text.ts";
import { checkSliceBounds } from "./go-panic.ts";
import { functionLimits } from "./limits.ts";
import { isSpace, lowerText, swapCase, titleText, untitleText, upperText } from "./rune-case.ts";
import { stringList, textOf, textsOf } from "./string-value.ts";
import { abbreviate, wrapText } from "./text-width.ts";
import { camelCase, kebabCase, snakeCase } from "./word-case.ts";

const trimAll = defineFunction(["string", "string"], "string", trimCharacters);

export const caseFunctions: Readonly<Record<string, GoFunction>> = {
  upper: defineFunction(["string"], "string", upperText),
  lower: defineFunction(["string"], "string", lowerText),
  title: defineFunction(["string"], "string", titleText),
  untitle: defineFunction(["string"], "string", untitleText),
  swapcase: defineFunction(["string"], "string", swapCase),
  camelcase: defineFunction(["string"], "string", camelCase),
  snakecase: defineFunction(["string"], "string", snakeCase),
  kebabcase: defineFunction(["string"], "string", kebabCase),
  initials: defineFunction(["string"], "string", initials),
};

export const cuttingFunctions: Readonly<Record<string, GoFunction>> = {
  abbrev: defineFunction(["int", "string"], "string", (width, text) =>
    width < 4n ? text : abbreviate(text, 0, Number(width)),
  ),
  abbrevboth: defineFunction(["int", "int", "string"], "string", (left, right, text) =>
    right < 4n || (left > 0n && right < 7n) ? text : abbreviate(text, Number(left), Number(right)),
  ),
  trunc: defineFunction(["int", "string"], "string", truncate),
  substr: defineFunction(["int", "int", "string"], "string", substring),
  trim: defineFunction(["string"], "string", trimSpace),
  trimall: trimAll,
  trimAll,
  trimPrefix: defineFunction(["string", "string"], "string", (prefix, text) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimSuffix: defineFunction(["string", "string"], "string", (suffix, text) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  nospace: defineFunction(["string"], "string", withoutSpaces),
  wrap: defineFunction(["int", "string"], "string", (width, text) =>
    wrapText(text, { width: Number(width), newLine: "", cutWords: false }),
  ),
  wrapWith: defineFunction(["int", "string", "string"], "string", (width, newLine, text) =>
    wrapText(text, { width: Number(width), newLine, cutWords: true }),
  ),
};

export const textFunctions: Readonly<Record<string, GoFunction>> = {
  hello: defineFunction([], "string", () => "Hello!"),
  contains: defineFunction(["string", "string"], "bool", (part, text) => text.includes(part)),
  hasPrefix: defineFunction(["string", "string"], "bool", (prefix, text) => text.startsWith(prefix)),
  hasSuffix: defineFunction(["string", "string"], "bool", (suffix, text) => text.endsWith(suffix)),
  repeat: defineFunction(["int", "string"], "string", repeat),
  replace: defineFunction(["string", "string", "string"], "string", replaceAll),
  quote: defineFunction(["...any"], "string", (...items) =>
    present(items)
      .map((item) => quote(textOf(item)))
      .join(" "),
  ),
  squote: defineFunction(["...any"], "string", (...items) =>
    present(items)
      .map((item) => sprintf("'%v'", item))
      .join(" "),
  ),
  cat: defineFunction(["...any"], "string", (...items) => {
    const values = present(items);
    return sprintf(values.map(() => "%v").join(" "), ...values);
  }),
  indent: defineFunction(["int", "string"], "string", indent),
  nindent: defineFunction(["int", "string"], "string", (spaces, text) => `\n${indent(spaces, text)}`),
  plural: defineFunction(["string", "string", "int"], "string", (one, many, count) => (count === 1n ? one : many)),
  toString: defineFunction(["any"], "string", textOf),
};

export const stringListFunctions: Readonly<Record<string, GoFunction>> = {
  toStrings: defineFunction(["any"], "[]string", (value) =>
    value instanceof GoNil && value.type.name === "[]string" ? value : textsOf(value),
  ),
  join: defineFunction(["string", "any"], "string", (separator, value) => textsOf(value).join(separator)),
  // A []string is sorted where it is.
  sortAlpha: defineFunction(["any"], "[]string", (value) =>
    isList(value) ? textsOf(value).sort(compareStrings) : stringList([textOf(value)]),
  ),
  split: defineFunction(["string", "string"], "map[string]string", (separator, text) =>
    numbered(splitText(text, separator)),
  ),
  splitn: defineFunction(["string", "int", "string"], "map[string]string", (separator, count, text) =>
    numbered(splitText(text, separator, Number(count))),
  ),
  splitList: defineFunction(["string", "string"], "[]string", (separator, text) =>
    stringList(splitText(text, separator)),
  ),
};

function present(items: readonly unknown[]): unknown[] {
  return items.filter((item) => item !== null && item !== undefined);
}

function replaceAll(old: string, replacement: string, text: string): string {
  // Nothing is found before each rune and at the end.
  if (old === "") return replacement + [...text].map((char) => char + replacement).join("");
  return text.replaceAll(old, () => replacement);
}

function repeat(count: bigint, text: string): string {
  if (count < 0n) throw new Error("strings: negative Repeat count");
  if (count * BigInt(text.length) > BigInt(functionLimits.textLengthMax)) {
    throw new Error(`a text of more than ${functionLimits.textLengthMax} characters; repeat it less often`);
  }
  return text.repeat(Number(text === "" ? 0n : count));
}

function indent(spaces: bigint, text: string): string {
  const pad = repeat(spaces, " ");
  const lines = text.split("\n");
  repeat(BigInt(lines.length), pad);
  return pad + lines.join(`\n${pad}`);
}

function trimCharacters(cutset: string, text: string): string {
  const cut = new Set(cutset);
  const chars = [...text];
  let start = 0;
  let end = chars.length;
  while (start < end && cut.has(chars[start] ?? "")) start++;
  while (end > start && cut.has(chars[end - 1] ?? "")) end--;
  return chars.slice(start, end).join("");
}

/** The first byte of each word, taken for a rune. */
function initials(text: string): string {
  let result = "";
  let afterSpace = true;
  for (const char of toByteText(text)) {
    if (isSpace(char)) {
      afterSpace = true;
    } else if (afterSpace) {
      result += char;
      afterSpace = false;
    }
  }
  return result;
}

/** Bytes are taken for runes here too, but a text without such spaces stays as it is. */
function withoutSpaces(text: string): string {
  const bytes = toByteText(text);
  const kept = [...bytes].filter((char) => !isSpace(char)).join("");
  return kept.length === bytes.length ? text : kept;
}

/** The first bytes, or with a negative count the last ones. */
function truncate(count: bigint, text: string): string {
  const length = byteLength(text);
  const size = Number(count);
  if (size < 0 && length + size > 0) return sliceBytes(text, length + size, length);
  return size >= 0 && length > size ? sliceBytes(text, 0, size) : text;
}

function substring(start: bigint, end: bigint, text: string): string {
  const length = byteLength(text);
  const from = start < 0n ? undefined : Number(start);
  const to = from !== undefined && (end < 0n || end > BigInt(length)) ? undefined : Number(end);
  checkSliceBounds(length, from, to);
  return sliceBytes(text, from ?? 0, to ?? length);
}

/** strings.SplitN: at most `count` parts, any number if that is negative. Nothing as separator splits between runes. */
export function splitText(text: string, separator: string, count = -1): string[] {
  if (count === 0) return [];
  const parts = separator === "" ? [...text] : text.split(separator);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

const textsType = mapType("string");

function numbered(parts: readonly string[]): Record<string, string> {
  return withType(textsType, Object.fromEntries(parts.map((part, index) => [`_${index}`, part])));
}

function isList(value: unknown): boolean {
  return kindOf(value) === "slice";
}
