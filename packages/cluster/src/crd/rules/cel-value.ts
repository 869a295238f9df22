import {
  CelError,
  CelMap,
  CelObject,
  Duration,
  keyedList,
  Opaque,
  readDuration,
  readTimestamp,
  Timestamp,
} from "@fairway/cel";
import type { Value } from "@fairway/cel";
import { equalJson } from "../../object/json-value.ts";
import type { JsonObject } from "../../object/json-value.ts";
import {
  isEmbedded,
  isIntOrString,
  isObject,
  itemsOf,
  propertyOf,
  valuesOf,
  withTypeAndMetadata,
} from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import { escapedName } from "./escape-name.ts";

/** A part of an object as expressions see it. What is inside is only converted when it is looked at. */
export function celValue(value: unknown, schema: JsonSchema, name: string): Value {
  if (value === null || value === undefined) {
    if (schema.nullable === true) return null;
    throw badData("got null for schema with nullable=false");
  }
  if (isIntOrString(schema)) {
    if (typeof value === "string") return value;
    if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
    throw badData("expected XIntOrString value to be either a string or integer");
  }
  switch (schema.type) {
    case "object":
      if (!isObject(value)) throw badData("expected a map for the provided schema with type=object");
      return objectValue(value, schema, name);
    case "array":
      if (!Array.isArray(value)) throw badData("expected an array for the provided schema with type=array");
      return listValue(value, schema, name);
    case "string":
      if (typeof value !== "string") throw badData("expected string");
      return textValue(value, schema);
    case "number":
      if (typeof value !== "number") throw badData("expected float");
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) throw badData("expected int");
      return BigInt(value);
    case "boolean":
      if (typeof value !== "boolean") throw badData("expected bool");
      return value;
    default:
      return new Opaque("unknown", value, (other) => equalJson(value, other));
  }
}

function badData(why: string): CelError {
  return new CelError("evaluation", `invalid data, ${why}`);
}

function objectValue(object: JsonObject, given: JsonSchema, name: string): Value {
  const schema = isEmbedded(given) ? withTypeAndMetadata(given) : given;
  const values = valuesOf(schema);
  if (values !== undefined && schema.properties === undefined)
    return new CelMap(
      Object.entries(object).map(([key, inner]): [Value, Value] => [key, celValue(inner, values, `${name}.@elem`)]),
    );
  const names = new Map<string, string>();
  for (const key of Object.keys(object)) {
    const escaped = escapedName(key);
    if (escaped !== undefined && propertyOf(schema, key)) names.set(escaped, key);
  }
  return new CelObject(name, [...names.keys()], (escaped) => {
    const key = names.get(escaped);
    const property = key === undefined ? undefined : propertyOf(schema, key);
    return key === undefined || property === undefined
      ? undefined
      : celValue(object[key], property, `${name}.${escaped}`);
  });
}

function listValue(list: readonly unknown[], schema: JsonSchema, name: string): Value {
  const items = itemsOf(schema);
  if (items === undefined) throw badData("expected Items with a non-empty Schema");
  const values = list.map((item) => celValue(item, items, `${name}.@idx`));
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      return keyedList(values, textOf);
    case "map": {
      const keys = (schema["x-kubernetes-list-map-keys"] ?? []).map((key) => escapedName(key) ?? key);
      return keyedList(values, (item) =>
        keys.map((key) => (item instanceof CelObject ? textOf(item.field(key) ?? null) : "")).join(),
      );
    }
    default:
      return values;
  }
}

/** The same for the same values. */
function textOf(value: Value): string {
  if (value instanceof CelObject)
    return `{${value.names
      .toSorted()
      .map((name) => `${name}:${textOf(value.field(name) ?? null)}`)
      .join()}}`;
  if (value instanceof CelMap)
    return `{${[...value.entries()]
      .map(([key, item]) => `${textOf(key)}:${textOf(item)}`)
      .toSorted()
      .join()}}`;
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(textOf).join()}]`;
  if (value instanceof Duration || value instanceof Timestamp) return `${value.nanoseconds}`;
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "";
}

function textValue(text: string, { format }: JsonSchema): Value {
  switch (format) {
    case "duration": {
      const nanoseconds = readDuration(text);
      if (nanoseconds === undefined)
        throw new CelError("evaluation", `Invalid duration ${text}: time: invalid duration`);
      return new Duration(nanoseconds);
    }
    case "date":
    case "date-time": {
      const nanoseconds = readTimestamp(format === "date" ? `${text}T00:00:00Z` : text);
      if (nanoseconds === undefined) throw new CelError("evaluation", `Invalid ${format} formatted string ${text}`);
      return new Timestamp(nanoseconds);
    }
    case "byte":
      return new Uint8Array(Buffer.from(text, "base64"));
    default:
      return text;
  }
}
