import { HelmError } from "../errors.ts";
import type { RuneReader } from "../text/rune-reader.ts";
import { GoNumber } from "@fairway/gotemplate";
import { jsonPrefixLength } from "./json-prefix.ts";

/** What follows a `=`. `atEnd` says that the line ended right there. */
export interface SetRead {
  readonly value: unknown;
  readonly atEnd: boolean;
}

export type SetValueReader = (input: RuneReader) => SetRead;

/** `x`, or `{x,y}`, each turned into a value by `convert`. */
export function listOrScalar(convert: (text: string) => unknown): SetValueReader {
  return (input) => {
    const first = input.read();
    if (first === undefined) return { value: "", atEnd: true };
    if (first === "{") return { value: readList(input, convert), atEnd: false };
    input.unread();
    return { value: convert(input.until(",", true).text), atEnd: false };
  };
}

function readList(input: RuneReader, convert: (text: string) => unknown): unknown[] {
  const list: unknown[] = [];
  for (;;) {
    const { text, stop } = input.until(",}", true);
    if (stop === undefined) throw new HelmError("values-invalid", "list must terminate with '}'");
    list.push(convert(text));
    if (stop === "}") break;
  }
  const next = input.read();
  if (next !== undefined && next !== ",") input.unread();
  return list;
}

/** Everything up to the end of the line, as it stands. */
export const readLiteral: SetValueReader = (input) => ({ value: input.until("", false).text, atEnd: false });

/** One JSON value; nothing is null. */
export const readJson: SetValueReader = (input) => {
  if (skipToValue(input)) return { value: null, atEnd: false };
  const rest = input.rest();
  const length = jsonPrefixLength(rest);
  if (length === undefined) throw new HelmError("values-invalid", "invalid JSON value");
  const text = rest.slice(0, length);
  const value: unknown = parseJson(text);
  input.skip(text);
  skipToValue(input);
  return { value, atEnd: false };
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HelmError("values-invalid", "invalid JSON value", { cause: error });
  }
}

/** Steps over blanks and one comma; true when there is no value before the comma or the end. */
function skipToValue(input: RuneReader): boolean {
  for (;;) {
    const rune = input.read();
    if (rune === undefined || rune === ",") return true;
    if (!/\s/u.test(rune)) {
      input.unread();
      return false;
    }
  }
}

/** The types that a plain `--set` gives: booleans, null, 64-bit integers; all else, also `1.5` and `007`, is text. */
export function typedValue(text: string): unknown {
  const lower = text.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  if (lower === "null") return null;
  if (text === "0") return new GoNumber("int64", 0n);
  if (!/^(?:[1-9]|[+-]\d)\d*$/.test(text)) return text;
  const integer = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return integer === BigInt.asIntN(64, integer) ? new GoNumber("int64", integer) : text;
}
