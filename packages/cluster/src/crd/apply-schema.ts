import type { ObjectSchema, Schema, SchemaRef } from "../schema/schema.ts";
import { isEmbedded, isIntOrString, itemsOf, preservesUnknown, valuesOf } from "./json-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

/** The shape of a custom kind for server-side apply: what is a list with keys, what has one owner. */
export function applySchemaOf(schema: JsonSchema | undefined): ObjectSchema {
  const shape = schema === undefined ? undefined : shapeOf(schema);
  const fields = shape?.type === "object" ? shape.fields : {};
  return {
    type: "object",
    custom: true,
    ...(schema !== undefined && preservesUnknown(schema) && { open: true }),
    fields: { ...fields, ...TYPE_AND_METADATA },
  };
}

const TEXT: Schema = { type: "string" };
const TYPE_AND_METADATA: Readonly<Record<string, SchemaRef>> = {
  apiVersion: TEXT,
  kind: TEXT,
  metadata: { ref: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" },
};

function shapeOf(schema: JsonSchema): Schema {
  return { ...plainShapeOf(schema), ...describedBy(schema) };
}

function describedBy({ nullable, default: byDefault }: JsonSchema): Pick<Schema, "nullable" | "default"> {
  return { ...(nullable === true && { nullable }), ...(byDefault !== undefined && { default: byDefault }) };
}

function plainShapeOf(schema: JsonSchema): Schema {
  if (isIntOrString(schema)) return { type: "string", format: "int-or-string" };
  switch (schema.type) {
    case "object":
      return objectShape(schema);
    case "array":
      return listShape(schema);
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return { type: schema.type };
    default:
      return { type: "any" };
  }
}

function objectShape(schema: JsonSchema): Schema {
  const isAtomic = schema["x-kubernetes-map-type"] === "atomic" ? { atomic: true } : {};
  const values = valuesOf(schema);
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0 && !isEmbedded(schema))
    return { type: "map", values: values ? shapeOf(values) : { type: "any" }, ...isAtomic };
  const own = Object.fromEntries(properties.map(([name, property]) => [name, shapeOf(property)]));
  return {
    type: "object",
    fields: isEmbedded(schema) ? { ...own, ...TYPE_AND_METADATA } : own,
    ...(preservesUnknown(schema) && { open: true }),
    ...(isEmbedded(schema) && { embedded: true }),
    ...isAtomic,
  };
}

function listShape(schema: JsonSchema): Schema {
  const items = itemsOf(schema);
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  return {
    type: "list",
    items: items ? shapeOf(items) : { type: "any" },
    listType: listType === "set" || listType === "map" ? listType : "atomic",
    ...(listType === "map" && keys !== undefined && { listKeys: keys }),
  };
}
