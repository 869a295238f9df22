import { fails, noSuchOverload } from "../cel-error.ts";
import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import type { Overload } from "../signature.ts";
import { isList } from "../value.ts";
import type { Value } from "../value.ts";
import { ENGLISH_STYLE } from "./format-style.ts";
import { formatText, PLAIN_STYLE } from "./format-text.ts";
import type { FormatStyle } from "./format-text.ts";

/** Positions in texts count characters. */
function characters(text: Value | undefined): string[] {
  return [...(text as string)];
}

function charAt(text: Value | undefined, index: Value | undefined): string {
  const all = characters(text);
  const position = Number(index);
  if (position < 0 || position > all.length) throw fails(`index out of range: ${position}`);
  return all[position] ?? "";
}

function indexOf(text: Value | undefined, part: Value | undefined, offset = 0n): bigint {
  const [all, wanted] = [characters(text), characters(part)];
  const from = Number(offset);
  if (from < 0 || from > all.length) throw fails(`index out of range: ${from}`);
  for (let start = from; start <= all.length - wanted.length; start += 1) {
    if (wanted.every((character, index) => all[start + index] === character)) return BigInt(start);
  }
  return -1n;
}

function lastIndexOf(text: Value | undefined, part: Value | undefined, offset?: bigint): bigint {
  const [all, wanted] = [characters(text), characters(part)];
  const from = offset === undefined ? all.length : Number(offset);
  if (from < 0 || from > all.length) throw fails(`index out of range: ${from}`);
  for (let start = Math.min(from, all.length - wanted.length); start >= 0; start -= 1) {
    if (wanted.every((character, index) => all[start + index] === character)) return BigInt(start);
  }
  return -1n;
}

function substring(text: Value | undefined, start: Value | undefined, end?: Value): string {
  const all = characters(text);
  const [from, to] = [Number(start), end === undefined ? all.length : Number(end)];
  if (end === undefined && (from < 0 || from > all.length)) throw fails(`index out of range: ${from}`);
  if (from > to) throw fails(`invalid substring range. start: ${from}, end: ${to}`);
  for (const position of [from, to])
    if (position < 0 || position > all.length) throw fails(`index out of range: ${position}`);
  return all.slice(from, to).join("");
}

function replace(text: Value | undefined, part: Value | undefined, by: Value | undefined, count = -1n): string {
  const [source, wanted, replacement] = [text as string, part as string, by as string];
  if (count < 0n) return source.replaceAll(wanted, () => replacement);
  const pieces = source.split(wanted);
  const kept = Math.min(Number(count), pieces.length - 1);
  return (
    pieces.slice(0, kept + 1).join(replacement) +
    pieces
      .slice(kept + 1)
      .map((piece) => wanted + piece)
      .join("")
  );
}

function split(text: Value | undefined, separator: Value | undefined, count = -1n): string[] {
  const [source, by] = [text as string, separator as string];
  if (count === 0n) return [];
  const pieces = by === "" ? [...source] : source.split(by);
  if (count < 0n || pieces.length <= Number(count)) return pieces;
  const last = Number(count) - 1;
  return [...pieces.slice(0, last), pieces.slice(last).join(by)];
}

function join(list: Value | undefined, separator = ""): string {
  if (list === undefined || !isList(list)) throw noSuchOverload();
  return list
    .map((item) => {
      if (typeof item !== "string") throw noSuchOverload();
      return item;
    })
    .join(separator);
}

const SPACE =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/gu;

const QUOTED: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

function quote(text: string): string {
  return `"${[...text.toWellFormed()].map((character) => QUOTED[character] ?? character).join("")}"`;
}

const OVERLOADS: readonly Overload[] = [
  overload("string::charAt(int): string", charAt),
  overload("string::indexOf(string): int", (text, part) => indexOf(text, part)),
  overload("string::indexOf(string, int): int", (text, part, offset) => indexOf(text, part, offset as bigint)),
  overload("string::lastIndexOf(string): int", (text, part) => lastIndexOf(text, part)),
  overload("string::lastIndexOf(string, int): int", (text, part, offset) => lastIndexOf(text, part, offset as bigint)),
  overload("string::lowerAscii(): string", (text) =>
    (text as string).replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  ),
  overload("string::upperAscii(): string", (text) =>
    (text as string).replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  ),
  overload("string::replace(string, string): string", (text, part, by) => replace(text, part, by)),
  overload("string::replace(string, string, int): string", (text, part, by, count) =>
    replace(text, part, by, count as bigint),
  ),
  overload("string::split(string): list(string)", (text, separator) => split(text, separator)),
  overload("string::split(string, int): list(string)", (text, separator, count) =>
    split(text, separator, count as bigint),
  ),
  overload("string::substring(int): string", (text, start) => substring(text, start)),
  overload("string::substring(int, int): string", (text, start, end) => substring(text, start, end)),
  overload("string::trim(): string", (text) => (text as string).replace(SPACE, "")),
  overload("string::reverse(): string", (text) => characters(text).toReversed().join("")),
  overload("list(string)::join(): string", (list) => join(list)),
  overload("list(string)::join(string): string", (list, separator) => join(list, separator as string)),
  overload("strings.quote(string): string", (text) => quote(text as string)),
];

/** Positions, parts, cases, joining and formatting of texts. */
export const TEXTS: Library = { name: "strings", overloads: [...OVERLOADS, formatting(PLAIN_STYLE)] };

/** As `TEXTS`, with the formatting that Kubernetes has. */
export const KUBERNETES_TEXTS: Library = { name: "strings", overloads: [...OVERLOADS, formatting(ENGLISH_STYLE)] };

function formatting(style: FormatStyle): Overload {
  return overload("string::format(list(dyn)): string", (text, args) =>
    formatText(text as string, args as readonly Value[], style),
  );
}
