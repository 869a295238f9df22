import { hasRawBytes, isGoMap, mapKeys, mapSet } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { jsonSyntaxError } from "./json-syntax.ts";

/** Decodes a JSON text as encoding/json does: numbers are float64, halves of surrogate pairs become U+FFFD. */
export function decodeJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(jsonSyntaxError(text), { cause: error });
  }
  const huge = /[0-9][eE]\+?0*[1-9][0-9]{2}|[0-9]{300}/u.test(text);
  if (huge) checkNumbers(text, value);
  return hasRawBytes(text) || /\\u[dD][89a-fA-F]/u.test(text) ? wellFormed(value) : value;
}

/** The same value with U+FFFD for all that is no Unicode text. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isGoMap(value)) return value;
  const map: GoMap = {};
  for (const key of Object.keys(value)) mapSet(map, key.toWellFormed(), wellFormed(value[key]));
  return map;
}

function checkNumbers(text: string, value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    const literal = /-?[0-9.]+(?:[eE][+]?[0-9]+)?/gu;
    const found = (text.match(literal) ?? []).find((number) => !Number.isFinite(Number(number))) ?? "";
    throw new Error(`json: cannot unmarshal number ${found} into Go value of type float64`);
  }
  if (Array.isArray(value)) for (const item of value) checkNumbers(text, item);
  else if (isGoMap(value)) for (const key of mapKeys(value)) checkNumbers(text, value[key]);
}

/** What encoding/json calls the kind of a decoded value in its messages. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
