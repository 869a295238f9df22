import { isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { canonicalScalar } from "./scalar.ts";
import type { ObjectSchema, SchemaLibrary } from "./schema.ts";
import { structOf, type Shape, type Struct } from "./shape.ts";
import { mismatch, pathText, type Walk } from "./walk.ts";

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
  const walk = startWalk(structOf(schema, library), typeName, false);
  return { value: readStruct(walk.root, value, walk), unknownFields: walk.unknownFields };
}

/** The same in place, for a value that nobody else has. */
export function canonicalInPlace(
  schema: ObjectSchema,
  value: JsonObject,
  library: SchemaLibrary,
  typeName: string,
): Canonical & Pick<Walk, "fieldCount" | "passed"> {
  const walk = startWalk(structOf(schema, library), typeName, true);
  const result = readStruct(walk.root, value, walk);
  const { unknownFields, fieldCount, passed } = walk;
  return { value: result, unknownFields, fieldCount, passed };
}

function startWalk(root: Struct, typeName: string, isOwned: boolean): Walk {
  return { root, typeName, path: [], isOwned, unknownFields: [], fieldCount: 0, passed: [] };
}

function readStruct(struct: Struct, value: JsonObject, walk: Walk): JsonObject {
  let result = walk.isOwned ? value : {};
  for (const key in value) {
    const given = value[key];
    walk.fieldCount += 1;
    walk.path.push(key);
    const item = readField(struct, key, given, walk);
    walk.path.pop();
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
    walk.unknownFields.push(pathText(walk));
    return undefined;
  }
  if (given === null) return undefined;
  const item = readValue(field.shape, given, walk);
  return field.isNonzero && isZero(item) ? undefined : item;
}

function isZero(value: unknown): boolean {
  if (typeof value !== "object") return value === "" || value === 0 || value === false;
  if (value === null) return true;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

function addZeros({ zeros }: Struct, object: JsonObject): JsonObject {
  for (const { key, value, struct } of zeros)
    if (!Object.hasOwn(object, key)) object[key] = struct ? addZeros(struct, {}) : value;
  return object;
}

function readValue(shape: Shape, value: unknown, walk: Walk): unknown {
  switch (shape.type) {
    case "scalar":
      return typeof value === shape.plain ? value : canonicalScalar(shape.schema, value, walk);
    case "struct":
      if (!isJsonObject(value)) throw mismatch(shape.reference, value, walk);
      return readStruct(shape.struct, value, walk);
    case "list":
      if (!Array.isArray(value)) throw mismatch(shape.reference, value, walk);
      return readList(shape.items, value, walk);
    case "map":
      if (!isJsonObject(value)) throw mismatch(shape.reference, value, walk);
      return readMap(shape.items, value, walk);
    case "any":
      walk.passed.push(value);
      return value;
  }
}

function readList(items: Shape, value: unknown[], walk: Walk): unknown[] {
  const result = walk.isOwned ? value : [];
  for (let index = 0; index < value.length; index++) {
    const given = value[index];
    walk.path.push(index);
    const item = given === null ? zeroItem(items) : readValue(items, given, walk);
    walk.path.pop();
    if (item !== given || result !== value) result[index] = item;
  }
  return result;
}

function readMap(values: Shape, value: JsonObject, walk: Walk): JsonObject {
  const result = walk.isOwned ? value : {};
  for (const key in value) {
    const given = value[key];
    walk.fieldCount += 1;
    walk.path.push(key);
    const item = given === null ? zeroItem(values) : readValue(values, given, walk);
    walk.path.pop();
    if (item !== given || result !== value) setOwn(result, key, item);
  }
  return result;
}

function zeroItem(shape: Shape): unknown {
  if (shape.type === "struct") return addZeros(shape.struct, {});
  return shape.type === "scalar" ? shape.zero : null;
}
