import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { canonicalScalar } from "./scalar.ts";
import type { ObjectSchema, SchemaLibrary } from "./schema.ts";
import type { ContainerShape, Shape, Struct, StructShape } from "./shape.ts";
import { fieldPath, mismatch, startWalk, type Walk } from "./walk.ts";

/** A value as Go would write it after reading it: known fields only, zero values as the types say, quantities and times in their one form. */
export interface Canonical {
  readonly value: JsonObject;
  /** Paths of fields that the schema does not know, in the order of the document. */
  readonly unknownFields: readonly string[];
}

/** Throws DecodeError when a value has another type than the schema says. The name is that of the Go type. Changes no argument. */
export function canonicalValue(
  schema: ObjectSchema,
  value: JsonObject,
  library: SchemaLibrary,
  typeName: string,
): Canonical {
  const walk = startWalk(schema, library, { typeName, isOwned: false });
  return { value: readStruct(walk.root, value, walk), unknownFields: walk.unknownFields };
}

/** The same in place, for a value that nobody else has. */
export function canonicalInPlace(
  schema: ObjectSchema,
  value: JsonObject,
  library: SchemaLibrary,
  typeName: string,
): Canonical & Pick<Walk, "fieldCount" | "passed"> {
  const walk = startWalk(schema, library, { typeName, isOwned: true });
  const result = readStruct(walk.root, value, walk);
  const { unknownFields, fieldCount, passed } = walk;
  return { value: result, unknownFields, fieldCount, passed };
}

function readStruct({ reference, struct }: StructShape, value: unknown, walk: Walk): JsonObject {
  if (!isJsonObject(value)) throw mismatch(reference, value, walk);
  let result = walk.isOwned ? value : {};
  for (const key in value) {
    const given = value[key];
    walk.fieldCount += 1;
    const item = readField(struct, key, given, walk);
    if (item === undefined) {
      if (result === value) result = fieldsBefore(value, key);
    } else if (item !== given || result !== value) setOwn(result, key, item);
  }
  addZeros(struct, result);
  return result;
}

/** Without the field and those after it: a new object stays one of few forms, which one that loses a field does not. */
function fieldsBefore(object: JsonObject, end: string): JsonObject {
  const before: JsonObject = {};
  for (const key in object) {
    if (key === end) break;
    setOwn(before, key, object[key]);
  }
  return before;
}

/** Undefined is what Go leaves out. */
function readField({ fields, isOpen }: Struct, key: string, given: unknown, walk: Walk): unknown {
  const field = fields.get(key);
  if (field === undefined) {
    walk.passed.push(given);
    if (isOpen) return given;
    walk.unknownFields.push(fieldPath(walk, key));
    return undefined;
  }
  if (given === null) return undefined;
  const item = readValue(key, field.shape, given, walk);
  return field.isNonzero && isZero(item) ? undefined : item;
}

function isZero(value: unknown): boolean {
  if (typeof value !== "object") return value === "" || value === 0 || value === false;
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

function addZeros({ zeros }: Struct, object: JsonObject): JsonObject {
  for (const { key, value, struct } of zeros)
    if (!Object.hasOwn(object, key)) object[key] = struct ? addZeros(struct, {}) : value;
  return object;
}

/** What is a step further in. */
function readValue(step: string | number, shape: Shape, value: unknown, walk: Walk): unknown {
  if (shape.type === "scalar" && typeof value === shape.plain) return value;
  let item = value;
  walk.path.push(step);
  switch (shape.type) {
    case "scalar":
      item = canonicalScalar(shape.schema, value, walk);
      break;
    case "struct":
      item = readStruct(shape, value, walk);
      break;
    case "list":
      item = readList(shape, value, walk);
      break;
    case "map":
      item = readMap(shape, value, walk);
      break;
    case "any":
      walk.passed.push(value);
  }
  walk.path.pop();
  return item;
}

function readList({ reference, items }: ContainerShape, value: unknown, walk: Walk): unknown[] {
  if (!Array.isArray(value)) throw mismatch(reference, value, walk);
  const result: unknown[] = walk.isOwned ? value : [];
  for (let index = 0; index < value.length; index++) {
    const given: unknown = value[index];
    const item = given === null ? zeroItem(items) : readValue(index, items, given, walk);
    if (item !== given || result !== value) result[index] = item;
  }
  return result;
}

function readMap({ reference, items }: ContainerShape, value: unknown, walk: Walk): JsonObject {
  if (!isJsonObject(value)) throw mismatch(reference, value, walk);
  const result = walk.isOwned ? value : {};
  for (const key in value) {
    const given = value[key];
    walk.fieldCount += 1;
    const item = given === null ? zeroItem(items) : readValue(key, items, given, walk);
    if (item !== given || result !== value) setOwn(result, key, item);
  }
  return result;
}

function zeroItem(shape: Shape): unknown {
  if (shape.type === "struct") return addZeros(shape.struct, {});
  return shape.type === "scalar" ? shape.zero : null;
}
