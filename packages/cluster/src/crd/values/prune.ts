import type { JsonObject } from "../../object/json-value.ts";
import { compareBytes } from "../../object/go-text.ts";
import { invalid } from "../../kinds/validation/errors.ts";
import type { FieldError } from "../../object/field-error.ts";
import { canonicalValue, DecodeError, objectSchema, schemaLibrary } from "../../schema/index.ts";
import {
  hasAdditional,
  isEmbedded,
  isObject,
  itemsOf,
  preservesUnknown,
  propertyOf,
  TYPE_AND_METADATA,
  valuesOf,
} from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";

/** Takes out, in place, what the schema does not know. Gives the paths of that, sorted. */
export function prune(object: JsonObject, schema: JsonSchema): readonly string[] {
  const unknown: string[] = [];
  pruneValue(object, { ...schema, "x-kubernetes-embedded-resource": true }, { path: "", unknown });
  return unknown.toSorted(compareBytes);
}

/** The same for a part of an object: whether its default has unknown fields. */
export function prunePart(value: unknown, schema: JsonSchema): readonly string[] {
  const unknown: string[] = [];
  pruneValue(value, schema, { path: "", unknown });
  return unknown;
}

interface Place {
  readonly path: string;
  readonly unknown: string[];
}

function inside({ path, unknown }: Place, key: string): Place {
  return { path: path === "" ? key : `${path}.${key}`, unknown };
}

function at({ path, unknown }: Place, index: number): Place {
  return { path: `${path}[${index}]`, unknown };
}

function pruneValue(value: unknown, schema: JsonSchema | undefined, where: Place): void {
  if (schema !== undefined && preservesUnknown(schema)) {
    pruneKnown(value, schema, where);
    return;
  }
  if (Array.isArray(value)) {
    const items = schema && itemsOf(schema);
    for (const [index, item] of value.entries()) pruneValue(item, items, at(where, index));
    return;
  }
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    if (schema !== undefined && isEmbedded(schema) && TYPE_AND_METADATA.has(key)) continue;
    const property = schema && propertyOf(schema, key);
    if (property) pruneValue(value[key], property, inside(where, key));
    else if (schema !== undefined && hasAdditional(schema))
      pruneValue(value[key], valuesOf(schema), inside(where, key));
    else {
      if (!TYPE_AND_METADATA.has(key) || where.path !== "") where.unknown.push(inside(where, key).path);
      delete value[key];
    }
  }
}

/** Where unknown fields are kept, known ones are still looked into. */
function pruneKnown(value: unknown, schema: JsonSchema | undefined, where: Place): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) pruneKnown(item, itemsOf(schema), at(where, index));
    return;
  }
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    if (isEmbedded(schema) && TYPE_AND_METADATA.has(key)) continue;
    const property = propertyOf(schema, key);
    if (property) pruneValue(value[key], property, inside(where, key));
    else if (hasAdditional(schema)) pruneValue(value[key], valuesOf(schema), inside(where, key));
  }
}

/** The metadata as its own types would read it, and what they don't know. Throws a DecodeError for other types. */
export function readMetadata(
  metadata: unknown,
  path: string,
): { readonly value: JsonObject; readonly unknown: readonly string[] } {
  if (!isObject(metadata)) {
    const found = Array.isArray(metadata) ? "array" : typeof metadata === "boolean" ? "bool" : typeof metadata;
    throw new DecodeError("type", `json: cannot unmarshal ${found} into Go value of type v1.ObjectMeta`);
  }
  const { value, unknownFields } = canonicalValue(objectSchema(METADATA), metadata, schemaLibrary, "ObjectMeta");
  const prefix = path === "" ? "metadata" : `${path}.metadata`;
  return { value, unknown: unknownFields.map((field) => `${prefix}.${field}`) };
}

const METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** The metadata of whole objects inside the object, in place, as their own types would read it. Gives the unknown paths, sorted. */
export function readEmbedded(value: unknown, schema: JsonSchema | undefined): readonly string[] {
  const unknown: string[] = [];
  readInside(value, schema, { path: "", unknown });
  return unknown.toSorted(compareBytes);
}

function readInside(value: unknown, schema: JsonSchema | undefined, where: Place): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) readInside(item, itemsOf(schema), at(where, index));
    return;
  }
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    if (isEmbedded(schema)) readTypeOrMetadata(value, key, where);
    const property = propertyOf(schema, key);
    if (property) readInside(value[key], property, inside(where, key));
    else if (hasAdditional(schema)) readInside(value[key], valuesOf(schema), inside(where, key));
  }
}

function readTypeOrMetadata(object: JsonObject, key: string, where: Place): void {
  const field = inside(where, key).path;
  if ((key === "kind" || key === "apiVersion") && typeof object[key] !== "string")
    throw new DecodeError("type", errorText(invalid(field, object[key], "must be a string")));
  if (key !== "metadata") return;
  try {
    const read = readMetadata(object[key], where.path);
    where.unknown.push(...read.unknown);
    object[key] = read.value;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError("type", errorText(invalid(field, object[key], error.message)));
  }
}

function errorText({ field, message }: FieldError): string {
  return `${field}: ${message}`;
}
