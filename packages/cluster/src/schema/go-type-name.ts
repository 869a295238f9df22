import type { Schema, SchemaRef } from "./schema.ts";

const scalarNames: Readonly<Record<string, string>> = {
  int32: "int32",
  int64: "int64",
  double: "float64",
  byte: "[]uint8",
};

/** The type of a field in the words of Go's decoder: `[]v1.Container`, `int32`, `map[string]string`. */
export function goTypeName(reference: SchemaRef): string {
  if ("ref" in reference) {
    const parts = reference.ref.split(".");
    return `${parts.at(-2) ?? ""}.${parts.at(-1) ?? ""}`;
  }
  return nameOf(reference);
}

function nameOf(schema: Schema): string {
  switch (schema.type) {
    case "list":
      return `[]${goTypeName(schema.items)}`;
    case "map":
      return `map[string]${goTypeName(schema.values)}`;
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    case "integer":
      return scalarNames[schema.format ?? "int64"] ?? "int";
    case "string":
      return scalarNames[schema.format ?? ""] ?? "string";
    default:
      return "map[string]interface {}";
  }
}

/** A JSON value in the words of Go's decoder. */
export function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return value === null ? "null" : typeof value;
}
