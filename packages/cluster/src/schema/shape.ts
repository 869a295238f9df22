import type { ObjectSchema, ScalarSchema, Schema, SchemaLibrary, SchemaRef } from "./schema.ts";

/** A struct made ready for reading: what its fields refer to is found, once for all values. */
export interface Struct {
  readonly fields: ReadonlyMap<string, Field>;
  readonly zeros: readonly Zero[];
  /** Unknown fields are kept. */
  readonly isOpen: boolean;
}

export interface Field {
  readonly shape: Shape;
  /** Left out when it is "", 0, false, [] or {}. */
  readonly isNonzero: boolean;
}

/** What stands in a field that nothing was said of. */
export interface Zero {
  readonly key: string;
  readonly value: unknown;
  /** In place of the value: an empty one of these, another one each time. */
  readonly struct: Struct | undefined;
}

/** The shape of whatever stands in a field, a list or a map. */
export type Shape = StructShape | ContainerShape | ScalarShape | AnyShape;

export interface StructShape {
  readonly type: "struct";
  /** As it was referred to, which is how errors name its type. */
  readonly reference: SchemaRef;
  /** Of the Go struct; undefined where it is one without a name, inside another. */
  readonly name: string | undefined;
  readonly struct: Struct;
}

export interface ContainerShape {
  readonly type: "list" | "map";
  readonly reference: SchemaRef;
  readonly items: Shape;
}

export interface ScalarShape {
  readonly type: "scalar";
  readonly schema: ScalarSchema;
  /** Any value of this type is taken as it is. */
  readonly plain: "string" | "number" | "boolean" | undefined;
  /** In place of a null in a list or a map. */
  readonly zero: string | number | boolean;
}

export interface AnyShape {
  readonly type: "any";
}

const known = new WeakMap<SchemaLibrary, WeakMap<ObjectSchema, Struct>>();

export function structOf(schema: ObjectSchema, library: SchemaLibrary): Struct {
  let structs = known.get(library);
  if (!structs) {
    structs = new WeakMap();
    known.set(library, structs);
  }
  const made = structs.get(schema);
  if (made) return made;
  const fields = new Map<string, Field>();
  const zeros: Zero[] = [];
  const struct = { fields, zeros, isOpen: schema.open === true };
  // Known before it is complete, since some contain themselves.
  structs.set(schema, struct);
  for (const [key, reference] of Object.entries(schema.fields))
    fields.set(key, { shape: shapeOf(reference, library), isNonzero: schema.nonzero?.includes(key) ?? false });
  for (const [key, value] of Object.entries(schema.zeros ?? {})) zeros.push(zeroOf(key, value, fields.get(key)?.shape));
  return struct;
}

function zeroOf(key: string, value: unknown, shape: Shape | undefined): Zero {
  const isStruct = typeof value === "object" && value !== null;
  if (!isStruct) return { key, value, struct: undefined };
  return { key, value, struct: shape?.type === "struct" ? shape.struct : noFields };
}

const noFields: Struct = { fields: new Map(), zeros: [], isOpen: false };

function shapeOf(reference: SchemaRef, library: SchemaLibrary): Shape {
  const schema: Schema = library.resolve(reference);
  switch (schema.type) {
    case "object":
      return { type: "struct", reference, name: structName(reference), struct: structOf(schema, library) };
    case "map":
      return { type: "map", reference, items: shapeOf(schema.values, library) };
    case "list":
      return { type: "list", reference, items: shapeOf(schema.items, library) };
    case "any":
      return { type: "any" };
    default:
      return { type: "scalar", schema, plain: plainType(schema), zero: zeroScalar(schema) };
  }
}

function structName(reference: SchemaRef): string | undefined {
  return "ref" in reference ? reference.ref.slice(reference.ref.lastIndexOf(".") + 1) : undefined;
}

function plainType({ type, format }: ScalarSchema): ScalarShape["plain"] {
  if (type === "integer") return undefined;
  return format === undefined || format === "double" ? type : undefined;
}

function zeroScalar({ type, format }: ScalarSchema): string | number | boolean {
  if (type === "string") return format === "quantity" ? "0" : "";
  return type === "boolean" ? false : 0;
}
