import { formatGoDuration, parseGoDuration } from "../object/go-duration.ts";
import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { QUANTITY_ERROR, canonicalQuantity } from "../object/quantity.ts";
import { canonicalMicroTime, canonicalTime } from "../object/timestamp.ts";
import { DecodeError } from "./decode-error.ts";
import { goTypeName, jsonTypeName } from "./go-type-name.ts";
import type { ObjectSchema, ScalarSchema, Schema, SchemaLibrary, SchemaRef } from "./schema.ts";

/** A value as Go would write it after reading it: known fields only, zero values as the types say, quantities and times in their one form. */
export interface Canonical {
  readonly value: JsonObject;
  /** Paths of fields that the schema does not know, in the order of the document. */
  readonly unknownFields: readonly string[];
}

/** Throws DecodeError when a value has another type than the schema says. The name is that of the Go type. */
export function canonicalValue(
  schema: ObjectSchema,
  value: JsonObject,
  library: SchemaLibrary,
  typeName: string,
): Canonical {
  const walk: Walk = { library, unknownFields: [] };
  const place: Place = { indexed: "", plain: "", struct: typeName };
  return { value: objectOf(schema, value, place, walk), unknownFields: walk.unknownFields };
}

interface Walk {
  readonly library: SchemaLibrary;
  readonly unknownFields: string[];
}

interface Place {
  /** `spec.containers[0].name` */
  readonly indexed: string;
  /** `spec.containers.name`, as Go's decoder names it. */
  readonly plain: string;
  /** The Go struct that the field belongs to. */
  readonly struct: string;
}

/** What Go looks at when it reads and writes a struct, once per schema. */
interface Shape {
  readonly nonzero: ReadonlySet<string>;
  readonly zeros: readonly (readonly [string, unknown])[];
}

const shapes = new WeakMap<ObjectSchema, Shape>();

function shapeOf(schema: ObjectSchema): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const shape = { nonzero: new Set(schema.nonzero), zeros: Object.entries(schema.zeros ?? {}) };
  shapes.set(schema, shape);
  return shape;
}

function objectOf(schema: ObjectSchema, value: JsonObject, place: Place, walk: Walk): JsonObject {
  const { nonzero, zeros } = shapeOf(schema);
  const result: JsonObject = {};
  for (const key of Object.keys(value)) {
    const given = value[key];
    const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (field === undefined) {
      if (schema.open) setOwn(result, key, given);
      else walk.unknownFields.push(inside(place.indexed, key));
      continue;
    }
    if (given === null) continue;
    const inner = {
      indexed: inside(place.indexed, key),
      plain: inside(place.plain, key),
      struct: place.struct,
    };
    const item = valueOf(field, given, inner, walk);
    if (nonzero.has(key) && isZero(item)) continue;
    result[key] = item;
  }
  for (const [key, zero] of zeros) {
    if (!Object.hasOwn(result, key)) result[key] = zeroOf(schema.fields[key], zero, walk);
  }
  return result;
}

function zeroOf(field: SchemaRef | undefined, zero: unknown, walk: Walk): unknown {
  if (!isJsonObject(zero)) return zero;
  const schema = field && walk.library.resolve(field);
  return schema?.type === "object" ? objectOf(schema, {}, { indexed: "", plain: "", struct: "" }, walk) : {};
}

function isZero(value: unknown): boolean {
  if (typeof value !== "object") return value === "" || value === 0 || value === false;
  if (value === null) return true;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

function valueOf(reference: SchemaRef, value: unknown, place: Place, walk: Walk): unknown {
  const schema = walk.library.resolve(reference);
  switch (schema.type) {
    case "object":
      if (!isJsonObject(value)) throw mismatch(reference, value, place);
      return objectOf(schema, value, { ...place, struct: structName(reference, place) }, walk);
    case "map":
      if (!isJsonObject(value)) throw mismatch(reference, value, place);
      return mapOf(schema.values, value, place, walk);
    case "list": {
      if (!Array.isArray(value)) throw mismatch(reference, value, place);
      const items = schema.items;
      return value.map((item: unknown, index) =>
        item === null
          ? zeroItem(items, walk)
          : valueOf(items, item, { ...place, indexed: `${place.indexed}[${index}]` }, walk),
      );
    }
    case "any":
      return value;
    default:
      return scalarOf(schema, value, place);
  }
}

function mapOf(values: SchemaRef, value: JsonObject, place: Place, walk: Walk): JsonObject {
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const inner = { ...place, indexed: inside(place.indexed, key) };
    setOwn(result, key, item === null ? zeroItem(values, walk) : valueOf(values, item, inner, walk));
  }
  return result;
}

function zeroItem(reference: SchemaRef, walk: Walk): unknown {
  const schema: Schema = walk.library.resolve(reference);
  if (schema.type === "object") return zeroOf(reference, {}, walk);
  if (schema.type === "string") return schema.format === "quantity" ? "0" : "";
  if (schema.type === "boolean") return false;
  return schema.type === "integer" || schema.type === "number" ? 0 : null;
}

function structName(reference: SchemaRef, place: Place): string {
  return "ref" in reference ? reference.ref.slice(reference.ref.lastIndexOf(".") + 1) : place.struct;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function scalarOf(schema: ScalarSchema, value: unknown, place: Place): unknown {
  switch (schema.format) {
    case "quantity": {
      const text = canonicalQuantity(typeof value === "string" ? value.trim() : value);
      if (text === undefined) throw new DecodeError("value", QUANTITY_ERROR);
      return text;
    }
    case "int-or-string":
      if (typeof value === "string") return value;
      if (typeof value === "number" && Number.isInteger(value)) {
        if (fits(value, "int32")) return value;
        throw new DecodeError("type", `json: cannot unmarshal number ${value} into Go value of type int32`);
      }
      throw mismatch({ type: "integer", format: "int32" }, value, place);
    case "date-time":
      return timeOf(value, canonicalTime, "2006-01-02T15:04:05Z07:00");
    case "micro-time":
      return timeOf(value, canonicalMicroTime, "2006-01-02T15:04:05.000000Z07:00");
    case "duration":
      return durationOf(value);
    case "byte":
      return bytesOf(value, place);
    default:
      return plainScalarOf(schema, value, place);
  }
}

function plainScalarOf(schema: ScalarSchema, value: unknown, place: Place): unknown {
  if (schema.type === "integer") {
    if (typeof value === "number" && Number.isInteger(value) && fits(value, schema.format)) return value;
    if (typeof value !== "number") throw mismatch(schema, value, place);
    throw new DecodeError(
      "type",
      `json: cannot unmarshal number ${value} into Go struct field ${place.struct}.${place.plain} of type ${goTypeName(schema)}`,
    );
  }
  if (typeof value !== schema.type) throw mismatch(schema, value, place);
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
  const rest = value.replace(/^\d{4}/, "");
  const part = rest === value ? "2006" : "-";
  throw new DecodeError(
    "value",
    `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${part}"`,
  );
}

function durationOf(value: unknown): string {
  const seconds = typeof value === "string" ? parseGoDuration(value) : undefined;
  if (seconds === undefined) throw new DecodeError("value", `time: invalid duration ${JSON.stringify(value)}`);
  return formatGoDuration(seconds);
}

function bytesOf(value: unknown, place: Place): string {
  if (typeof value !== "string") throw mismatch({ type: "string", format: "byte" }, value, place);
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

function mismatch(reference: SchemaRef, value: unknown, place: Place): DecodeError {
  return new DecodeError(
    "type",
    `json: cannot unmarshal ${jsonTypeName(value)} into Go struct field ${place.struct}.${place.plain} of type ${goTypeName(reference)}`,
  );
}

function inside(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
