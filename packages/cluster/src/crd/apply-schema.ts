import type { ObjectSchema, Schema, SchemaRef } from "../schema/schema.ts";
import { isEmbedded, isIntOrString, itemsOf, preservesUnknown, valuesOf } from "./json-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

/** The shape of a custom kind for server-side apply: what is a list with keys, what has one owner. */
export function applySchemaOf(schema: JsonSchema | undefined): ObjectSchema {
  const shape = schema === undefined ? undefined : shapeOf(schema, false);
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

/** What is kept at one place is kept everywhere below it. */
function shapeOf(schema: JsonSchema, isKept: boolean): Schema {
  return { ...plainShapeOf(schema, isKept || preservesUnknown(schema)), ...describedBy(schema) };
}

function describedBy({ nullable, default: byDefault }: JsonSchema): Pick<Schema, "nullable" | "default"> {
  return { ...(nullable === true && { nullable }), ...(byDefault !== undefined && { default: byDefault }) };
}

function plainShapeOf(schema: JsonSchema, isKept: boolean): Schema {
  if (isIntOrString(schema)) return { type: "string", format: "int-or-string" };
  switch (schema.type) {
    case "object":
      return objectShape(schema, isKept);
    case "array":
      return listShape(schema, isKept);
    case "string":
      return { type: "string", ...textFormat(schema) };
    case "integer":
    case "number":
    case "boolean":
      return { type: schema.type };
    default:
      return { type: "any" };
  }
}

/** Texts of a format may be any scalar here, whatever the format: that is looked at later. */
function textFormat({ format = "" }: JsonSchema): { readonly format?: "byte" | "date-time" } {
  if (format === "") return {};
  return { format: format === "byte" ? "byte" : "date-time" };
}

function objectShape(schema: JsonSchema, isKept: boolean): Schema {
  const isAtomic = schema["x-kubernetes-map-type"] === "atomic" ? { atomic: true } : {};
  const values = valuesOf(schema);
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0 && !isEmbedded(schema))
    return { type: "map", values: values ? shapeOf(values, isKept) : { type: "any" }, ...isAtomic };
  const own = Object.fromEntries(properties.map(([name, property]) => [name, shapeOf(property, isKept)]));
  return {
    type: "object",
    fields: isEmbedded(schema) ? { ...own, ...TYPE_AND_METADATA } : own,
    ...(isKept && { open: true }),
    ...(isEmbedded(schema) && { embedded: true }),
    ...isAtomic,
  };
}

function listShape(schema: JsonSchema, isKept: boolean): Schema {
  const items = itemsOf(schema);
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  return {
    type: "list",
    items: items ? shapeOf(items, isKept) : { type: "any" },
    listType: listType === "set" || listType === "map" ? listType : "atomic",
    ...(listType === "map" && keys !== undefined && { listKeys: keys }),
  };
}
