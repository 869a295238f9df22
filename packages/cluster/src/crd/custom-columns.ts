import { ageOf } from "../kinds/index.ts";
import type { Column, Kind } from "../kinds/kind.ts";
import { goText } from "../object/go-text.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { CustomResourceColumnDefinition } from "../schema/data/types/apiextensions-v1.ts";
import { compileJsonPath } from "./json-path.ts";
import type { JsonPath } from "./json-path.ts";

const NAME: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: "The name, which nothing else of this kind has in the namespace",
  priority: 0,
  cell: ({ metadata }) => metadata.name ?? "",
};

const AGE: CustomResourceColumnDefinition = {
  name: "Age",
  type: "date",
  description: "When the object was created",
  jsonPath: ".metadata.creationTimestamp",
};

/** The columns of `kubectl get` that a definition asks for; without any, the age. */
export function customColumns(definitions: readonly CustomResourceColumnDefinition[] | undefined): Kind["columns"] {
  return [NAME, ...(definitions ?? [AGE]).map(columnOf)];
}

function columnOf({ name, type, format, description, priority, jsonPath }: CustomResourceColumnDefinition): Column {
  const path = compileJsonPath(jsonPath);
  return {
    name,
    type: type as Column["type"],
    format: format ?? "",
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: priority ?? 0,
    cell: (object, now) => (path ? cellOf(path, object, { type, now }) : null),
  };
}

function cellOf(
  path: JsonPath,
  object: KubeObject,
  { type, now }: { readonly type: string; readonly now: Date },
): unknown {
  const found = path(object);
  if (found.length === 0) return null;
  const [value] = found;
  switch (type) {
    case "string":
      return textOf(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      if (typeof value !== "string") return null;
      return Number.isNaN(Date.parse(value)) ? "<invalid>" : ageOf(value, now);
    default:
      return null;
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "<no value>";
  return typeof value === "object" ? JSON.stringify(value) : goText(value);
}
