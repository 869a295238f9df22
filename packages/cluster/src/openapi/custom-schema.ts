import type { Kind } from "../kinds/index.ts";
import type { JsonObject } from "../object/json-value.ts";
import { metaSchema, schemaNameOf } from "./names.ts";
import { publishedDefinition, schemaPointer } from "./published-schema.ts";

const text: JsonObject = { type: "string" };

/** A custom kind and its list. What the definition says of the kind's fields is published as it is. */
export function customDefinitions(kind: Kind): Readonly<Record<string, JsonObject>> {
  const name = schemaNameOf(kind);
  const { group, version } = kind;
  const schema = kind.custom?.published?.() ?? publishedDefinition(name, kind.schema);
  const listKind = kind.listKind ?? `${kind.kind}List`;
  return {
    [name]: {
      ...schema,
      type: "object",
      properties: { ...(schema["properties"] as JsonObject | undefined), ...standard("ObjectMeta") },
      "x-kubernetes-group-version-kind": [{ group, version, kind: kind.kind }],
    },
    [`${name}List`]: {
      type: "object",
      required: ["items"],
      properties: { ...standard("ListMeta"), items: { type: "array", items: { $ref: schemaPointer + name } } },
      "x-kubernetes-group-version-kind": [{ group, version, kind: listKind }],
    },
  };
}

function standard(metadata: string): JsonObject {
  return { apiVersion: text, kind: text, metadata: { allOf: [{ $ref: schemaPointer + metaSchema(metadata) }] } };
}
