// Texts, numbers and dates of TOML.
import { GoNumber, parseFloat64, parseInt64, quote } from "@fairway/gotemplate";
import { parseTime } from "../dates/parse-time.ts";
import { timeValue } from "../dates/time-value.ts";
import { fixedZone } from "../dates/zone.ts";
import { type TomlReader, quotedChar } from "./toml-reader.ts";

/** A text, starting at its quote. */
export function readTomlString(reader: TomlReader): string {
  if (reader.startsWith('"""') || reader.startsWith("'''")) return readMultiline(reader);
  const mark = reader.char;
  reader.at++;
  let text = "";
  for (;;) {
    const { char } = reader;
    if (char === "") throw reader.error(`unexpected EOF; expected ${mark === '"' ? `'"'` : `"'"`}`);
    if (char === "\n" || char === "\r") throw reader.error("strings cannot contain newlines");
    if (char === "\\" && mark === '"') {
      text += readEscape(reader);
      continue;
    }
    reader.at += char.length;
    if (char === mark) return text;
    text += char;
  }
}

function readMultiline(reader: TomlReader): string {
  const mark = reader.text.slice(reader.at, reader.at + 3);
  reader.at += 3;
  reader.take(/\r?\n/y);
  let text = "";
  for (;;) {
    if (reader.isAtEnd) throw reader.error(`unexpected EOF; expected '${mark}'`);
    if (reader.startsWith(mark)) {
      // Up to two more quotes belong to the text.
      const quotes = reader.take(mark === '"""' ? /"+/y : /'+/y);
      if (quotes.length > 5) throw reader.error(`unexpected ${mark === '"""' ? `'""""""'` : `"''''''"`}`);
      return text + quotes.slice(3);
    }
    const { char } = reader;
    if (char === "\\" && mark === '"""') {
      if (reader.take(/\\[ \t]*\r?\n[ \t\r\n]*/y) === "") text += readEscape(reader);
      continue;
    }
    reader.at += char.length;
    text += char;
  }
}

const plainEscapes: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\x1b",
  '"': '"',
  "\\": "\\",
};

function readEscape(reader: TomlReader): string {
  reader.at++;
  const letter = reader.char;
  const plain = Object.hasOwn(plainEscapes, letter) ? plainEscapes[letter] : undefined;
  if (plain !== undefined) {
    reader.at++;
    return plain;
  }
  const sizes = { x: [2, "two"], u: [4, "four"], U: [8, "eight"] } as const;
  if (letter !== "x" && letter !== "u" && letter !== "U") throw reader.error(`invalid escape in string '\\${letter}'`);
  const [size, word] = sizes[letter];
  const digits = reader.text.slice(reader.at + 1, reader.at + 1 + size);
  if (!new RegExp(`^[0-9a-fA-F]{${size}}$`, "u").test(digits)) {
    throw reader.error(
      `expected ${word} hexadecimal digits after '\\${letter}', but got ${quote(`\\${letter}${digits}`)} instead`,
    );
  }
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw reader.error(`Escaped character '\\u${digits}' is not valid UTF-8.`);
  }
  reader.at += 1 + size;
  return String.fromCodePoint(code);
}

/** A number or a date, starting at its first digit or sign. */
export function readTomlNumber(reader: TomlReader): unknown {
  const special = reader.take(/[+-]?(?:inf|nan)/y);
  if (special !== "") return special.endsWith("nan") ? Number.NaN : special.startsWith("-") ? -Infinity : Infinity;
  const date = reader.take(/[0-9]+[-:][-0-9:TtZz.+]*(?: [0-9][-0-9:Zz.+]*)?/y);
  if (date !== "") return dateOf(reader, date);
  const based = reader.take(/0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+/y);
  if (based !== "") return integerOf(reader, based);
  const sign = reader.take(/[+-]/y);
  if (!/[0-9]/u.test(reader.char)) {
    if (reader.char === ".") throw reader.error("floats must start with a digit, not '.'");
    throw reader.error(`expected a digit but got ${quotedChar(reader.char)}`);
  }
  const digits = sign + reader.take(/[0-9_]+/y);
  if (!/[.eE]/u.test(reader.char)) return integerOf(reader, digits);
  return floatOf(reader, digits + reader.take(/[0-9_.eE+-]+/y));
}

function hasWrongUnderscore(digits: string): boolean {
  return /^_|__|_$|^[+-]_|[xob]_/u.test(digits);
}

function integerOf(reader: TomlReader, digits: string): GoNumber {
  if (hasWrongUnderscore(digits)) {
    throw reader.error(`Invalid integer ${quote(digits)}: underscores must be surrounded by digits`);
  }
  if (/^[+-]?0[0-9_]/u.test(digits)) throw reader.error(`Invalid integer ${quote(digits)}: cannot have leading zeroes`);
  const value = parseInt64(digits.replaceAll("_", ""));
  if (value === undefined) throw reader.error(`${digits} is out of range for int64`);
  return new GoNumber("int64", value);
}

function floatOf(reader: TomlReader, digits: string): number {
  const parts = digits.split(/[.eE]/u).filter((part) => part !== "");
  if (parts.some((part) => hasWrongUnderscore(part))) {
    throw reader.error(`Invalid float ${quote(digits)}: underscores must be surrounded by digits`);
  }
  if (/^[+-]?0[0-9_]/u.test(parts[0] ?? "")) {
    throw reader.error(`Invalid float ${quote(digits)}: cannot have leading zeroes`);
  }
  if (/\.(?![0-9])/u.test(digits)) {
    throw reader.error(`Invalid float ${quote(digits)}: '.' must be followed by one or more digits`);
  }
  const value = parseFloat64(digits.replaceAll("_", ""));
  if (value === undefined) throw reader.error(`Invalid float value: ${quote(digits)}`);
  return value;
}

const layouts = [
  ["2006-01-02T15:04:05.999999999Z07:00", ""],
  ["2006-01-02T15:04:05.999999999", "datetime-local"],
  ["2006-01-02", "date-local"],
  ["15:04:05.999999999", "time-local"],
  ["2006-01-02T15:04Z07:00", ""],
  ["2006-01-02T15:04", "datetime-local"],
  ["15:04", "time-local"],
] as const;

function dateOf(reader: TomlReader, text: string): unknown {
  const normal = text.replace("t", "T").replace("z", "Z").replace(" ", "T");
  for (const [layout, zone] of layouts) {
    try {
      const instant = parseTime(layout, normal);
      if (!/^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:)/u.test(normal)) break;
      return timeValue(zone === "" ? instant : { ...instant, zone: fixedZone(zone, 0) });
    } catch (error) {
      // The next layout may fit.
      if (!(error instanceof Error)) throw error;
    }
  }
  throw reader.error(`invalid datetime: ${quote(normal)}`);
}
