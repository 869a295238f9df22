import schemas from "./data/schemas.json" with { type: "json" };
import type { NamedSchema, ObjectSchema, Schema, SchemaLibrary, SchemaRef } from "./schema.ts";

const named = schemas as unknown as Readonly<Record<string, Schema>>;

const completed = new WeakMap<NamedSchema, Schema>();

/** The schemas of the built-in kinds and of all that they contain. */
export const schemaLibrary: SchemaLibrary = { resolve };

/** The names of all schemas of the library. */
export function librarySchemaNames(): readonly string[] {
  return Object.keys(named);
}

/** A named schema of the library that has fields. */
export function objectSchema(name: string): ObjectSchema {
  const schema = resolve({ ref: name });
  if (schema.type === "object") return schema;
  throw new RangeError(`the schema ${name} has no fields`);
}

function resolve(reference: SchemaRef): Schema {
  if (!("ref" in reference)) return reference;
  const known = completed.get(reference);
  if (known) return known;
  const target = Object.hasOwn(named, reference.ref) ? named[reference.ref] : undefined;
  if (!target) throw new RangeError(`there is no schema of the name ${reference.ref}`);
  const { ref: _, ...added } = reference;
  const schema = Object.keys(added).length === 0 ? target : ({ ...target, ...added } as Schema);
  completed.set(reference, schema);
  return schema;
}
