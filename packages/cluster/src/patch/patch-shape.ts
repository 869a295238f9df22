import { goQuote } from "../object/go-text.ts";
import { isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { Schema, SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { PatchError } from "./patch-error.ts";

/** The part of a schema that a strategic merge patch is in. */
export interface PatchShape {
  readonly library: SchemaLibrary;
  readonly schema: Schema;
  /** The name of the type, for messages. */
  readonly name: string;
  /** What Go calls the kind of type. */
  readonly typeName: string;
}

export interface PatchField {
  readonly shape: PatchShape;
  /** `merge`, `replace` or nothing. */
  readonly strategy: string;
  readonly mergeKey: string;
}

export function rootShape(library: SchemaLibrary, schema: Schema, name: string): PatchShape {
  return shapeOf(library, schema, name);
}

function shapeOf(library: SchemaLibrary, ref: SchemaRef, parent: string): PatchShape {
  const schema = library.resolve(ref);
  const name = "ref" in ref ? (ref.ref.split(".").at(-1) ?? parent) : parent;
  return { library, schema, name, typeName: typeName(schema) };
}

function typeName(schema: Schema): string {
  if (schema.type === "object") return "struct";
  if (schema.type === "list") return "slice";
  if (schema.type === "integer") return schema.format ?? "int64";
  if (schema.type === "number") return "float64";
  return schema.type === "boolean" ? "bool" : schema.type === "any" ? "struct" : schema.type;
}

/** What holds for the object in the field of that name. */
export function mapField(shape: PatchShape, name: string): PatchField {
  const ref = fieldRef(shape, name);
  return { shape: shapeOf(shape.library, ref, shape.name), ...strategyOf(shape.library, ref) };
}

/** What holds for the list in the field of that name; the shape is that of its items. */
export function listField(shape: PatchShape, name: string): PatchField {
  const ref = fieldRef(shape, name);
  const list = shape.library.resolve(ref);
  if (list.type !== "list" && list.type !== "any") {
    throw new PatchError("InternalError", `expected slice or array type, but got: ${shape.typeName}`);
  }
  const items: SchemaRef = list.type === "list" ? list.items : list;
  return { shape: shapeOf(shape.library, items, shape.name), ...strategyOf(shape.library, ref) };
}

const ANY: Schema = { type: "any" };

function fieldRef({ schema, name: typeOf, typeName: kind }: PatchShape, name: string): SchemaRef {
  switch (schema.type) {
    case "object": {
      const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
      if (field !== undefined) return field;
      if (schema.open === true) return ANY;
      throw new PatchError(
        "InternalError",
        `unable to find api field in struct ${typeOf} for the json field ${goQuote(name)}`,
      );
    }
    case "map":
      return schema.values;
    case "any":
      return ANY;
    default:
      throw new PatchError(
        "InternalError",
        `merging an object in json but data type is not a map or struct, instead is: ${kind}`,
      );
  }
}

function strategyOf(library: SchemaLibrary, ref: SchemaRef): { readonly strategy: string; readonly mergeKey: string } {
  const schema = library.resolve(ref);
  const strategies = (ref.patchStrategy ?? schema.patchStrategy ?? "").split(",");
  return {
    strategy: strategies.find((strategy) => strategy !== "retainKeys") ?? "",
    mergeKey: ref.patchMergeKey ?? schema.patchMergeKey ?? "",
  };
}

export function isPatchObject(patch: unknown): patch is JsonObject {
  return isJsonObject(patch);
}
