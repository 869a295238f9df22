import { compareDecimals, decimalOf, isNumber, isWhole } from "./json-number.ts";
import { has, isTable } from "../values/table.ts";
import { sprintf } from "@fairway/gotemplate";
import { JsonNumber } from "./json-number.ts";

/** In the order in which messages list them. */
export const jsonTypes = ["null", "boolean", "number", "integer", "string", "array", "object"] as const;

export type JsonType = (typeof jsonTypes)[number];

/** The JSON type of a value; whole numbers are "number" here, see `isInteger`. Undefined for what JSON does not have. */
export function jsonTypeOf(value: unknown): JsonType | undefined {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (isNumber(value)) return "number";
  if (Array.isArray(value)) return "array";
  return isTable(value) ? "object" : undefined;
}

export function isInteger(value: unknown): boolean {
  const decimal = decimalOf(value);
  return decimal !== undefined && isWhole(decimal);
}

/** Equality of JSON: numbers by value, objects without regard to order. */
export function jsonEquals(left: unknown, right: unknown): boolean {
  if (isNumber(left)) {
    const a = decimalOf(left);
    const b = decimalOf(right);
    return a !== undefined && b !== undefined && compareDecimals(a, b) === 0;
  }
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, at) => jsonEquals(item, right[at]));
  }
  if (isTable(left)) {
    if (!isTable(right)) return false;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    return keys.every((key) => has(right, key) && jsonEquals(left[key], right[key]));
  }
  return left === right;
}

/** Reads JSON, keeping the text of its numbers. */
export function parseSchemaJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? new JsonNumber(context?.source ?? String(value)) : value,
  );
}

/** A text in single quotes, as messages show it. */
export function quoted(text: string): string {
  const inner = sprintf("%q", text).slice(1, -1);
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A value that is no array and no object, as messages show it. */
export function displayed(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value) || isTable(value)) return "value";
  return value instanceof JsonNumber ? value.text : sprintf("%v", value);
}
