import { setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { ObjectSchema, Schema, SchemaLibrary } from "../schema/schema.ts";

/**
 * What a built-in kind is before anything is written into it: structs are there, and fields that are always published are empty. Who
 * creates an object doesn't own what was there already. The empty form of a custom kind has nothing but its name.
 */
export function emptyObject(library: SchemaLibrary, schema: ObjectSchema, next: KubeObject): KubeObject {
  const { apiVersion, kind } = next;
  if (schema.custom === true) return { apiVersion, kind, metadata: {} };
  let empty = known.get(schema);
  if (empty === undefined) {
    empty = schema.zeros === undefined ? emptyPublished(library, schema) : emptyStruct(library, schema);
    known.set(schema, empty);
  }
  return { metadata: {}, ...empty, apiVersion, kind };
}

const known = new WeakMap<ObjectSchema, JsonObject>();

function emptyStruct(library: SchemaLibrary, schema: ObjectSchema): JsonObject {
  const struct: JsonObject = {};
  for (const [name, zero] of Object.entries(schema.zeros ?? {})) {
    const ref = schema.fields[name];
    const field = ref && library.resolve(ref);
    setOwn(struct, name, field?.type === "object" && isEmptyObject(zero) ? emptyStruct(library, field) : zero);
  }
  return struct;
}

/** As above, from a published document: it says of a struct that it is {} by default, and what has no default but is required is there. */
function emptyPublished(library: SchemaLibrary, schema: ObjectSchema): JsonObject {
  const struct: JsonObject = {};
  for (const [name, ref] of Object.entries(schema.fields)) {
    const field = library.resolve(ref);
    // That of events is required and has no default.
    const isMetadata = name === "metadata" && field.type === "object";
    if (isMetadata || (field.type === "object" && isEmptyObject(ref.default ?? field.default))) {
      setOwn(struct, name, emptyPublished(library, field));
    } else if (!Object.hasOwn(struct, name) && schema.required?.includes(name) === true) {
      setOwn(struct, name, emptyScalar(field.type));
    }
  }
  return struct;
}

function emptyScalar(type: Schema["type"]): unknown {
  if (type === "string") return "";
  if (type === "boolean") return false;
  return type === "integer" || type === "number" ? 0 : null;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
