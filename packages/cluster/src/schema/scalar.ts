import { formatGoDuration, parseGoDuration } from "../object/go-duration.ts";
import { QUANTITY_ERROR, canonicalQuantity } from "../object/quantity.ts";
import { canonicalMicroTime, canonicalTime } from "../object/timestamp.ts";
import { DecodeError } from "./decode-error.ts";
import { jsonTypeName } from "./go-type-name.ts";
import type { ScalarSchema } from "./schema.ts";
import { mismatch, unfit, type Walk } from "./walk.ts";

/** A scalar in the one form that Go writes it in. Throws DecodeError when it is none of the schema's. */
export function canonicalScalar(schema: ScalarSchema, value: unknown, walk: Walk): unknown {
  switch (schema.format) {
    case "quantity":
      return quantityOf(value);
    case "int-or-string":
      return typeof value === "string" ? value : intOf(value, walk);
    case "date-time":
      return timeOf(value, canonicalTime, "2006-01-02T15:04:05Z07:00");
    case "micro-time":
      return timeOf(value, canonicalMicroTime, "2006-01-02T15:04:05.000000Z07:00");
    case "duration":
      return durationOf(value);
    case "byte":
      return bytesOf(value, walk);
    default:
      return plainScalarOf(schema, value, walk);
  }
}

function quantityOf(value: unknown): string {
  const text = canonicalQuantity(typeof value === "string" ? value.trim() : value);
  if (text === undefined) throw new DecodeError("value", QUANTITY_ERROR);
  return text;
}

function intOf(value: unknown, walk: Walk): number {
  if (typeof value !== "number" || !Number.isInteger(value))
    throw mismatch({ type: "integer", format: "int32" }, value, walk);
  if (fits(value, "int32")) return value;
  throw new DecodeError("type", `json: cannot unmarshal number ${value} into Go value of type int32`);
}

function plainScalarOf(schema: ScalarSchema, value: unknown, walk: Walk): unknown {
  if (schema.type === "integer") {
    if (typeof value !== "number") throw mismatch(schema, value, walk);
    if (Number.isInteger(value) && fits(value, schema.format)) return value;
    throw unfit(`number ${value}`, schema, walk);
  }
  if (typeof value !== schema.type) throw mismatch(schema, value, walk);
  return value;
}

const INT32_MAX = 2 ** 31 - 1;
const INT64_MAX = 2 ** 63;

function fits(value: number, format: string | undefined): boolean {
  if (format === "int32") return value <= INT32_MAX && value >= -INT32_MAX - 1;
  return value < INT64_MAX && value >= -INT64_MAX;
}

function timeOf(value: unknown, canonical: (text: string) => string | undefined, layout: string): string {
  if (typeof value !== "string") {
    const found = jsonTypeName(value);
    throw new DecodeError("type", `json: cannot unmarshal ${found} into Go value of type string`);
  }
  const time = canonical(value);
  if (time !== undefined) return time;
  const { rest, part } = unreadTime(value, layout);
  throw new DecodeError(
    "value",
    `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${part}"`,
  );
}

/** Where Go's parser stops, and what it looks for there. */
function unreadTime(value: string, layout: string): { readonly rest: string; readonly part: string } {
  const seconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?=$|[.,Zz+-])/u.exec(value)?.[0];
  if (seconds !== undefined && layout.includes(".")) return { rest: value.slice(seconds.length), part: ".000000" };
  const micros = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}(?=\d)/u.exec(value)?.[0];
  if (micros !== undefined && layout.includes(".")) return { rest: value.slice(micros.length), part: "Z07:00" };
  const rest = value.replace(/^\d{4}/u, "");
  return { rest, part: rest === value ? "2006" : "-" };
}

function durationOf(value: unknown): string {
  const seconds = typeof value === "string" ? parseGoDuration(value) : undefined;
  if (seconds === undefined) throw new DecodeError("value", `time: invalid duration ${JSON.stringify(value)}`);
  return formatGoDuration(seconds);
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytesOf(value: unknown, walk: Walk): string {
  if (typeof value !== "string") throw mismatch({ type: "string", format: "byte" }, value, walk);
  const text = /[\r\n]/.test(value) ? value.replaceAll(/[\r\n]/g, "") : value;
  if (base64.test(text)) return text;
  throw new DecodeError("value", `illegal base64 data at input byte ${badByte(text)}`);
}

/** Where Go's decoder stops, by groups of four. */
function badByte(text: string): number {
  const bad = /[^A-Za-z0-9+/=]/.exec(text)?.index ?? text.length;
  const padding = text.indexOf("=");
  if (padding === -1 || bad < padding) return bad === text.length ? text.length - (text.length % 4) : bad;
  const rest = padding % 4;
  if (rest < 2) return padding;
  return text[padding + 1] === "=" || rest === 3 ? padding + 4 - rest : padding + 1;
}
