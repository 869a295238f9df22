import type { Kind } from "../kinds/index.ts";
import { isJsonObject, type JsonObject } from "../object/json-value.ts";
import { metadataDescriptions, typeDescriptions } from "./data/descriptions.ts";
import { metaSchema, schemaNameOf } from "./names.ts";
import { publishedDefinition, schemaPointer } from "./published-schema.ts";

const text: JsonObject = { type: "string" };
const typeFields: JsonObject = Object.fromEntries(
  Object.entries(typeDescriptions).map(([field, description]) => [field, { ...text, description }]),
);

/** A custom kind and its list. What the definition says of the kind's fields is published as it is. */
export function customDefinitions(kind: Kind): Readonly<Record<string, JsonObject>> {
  const name = schemaNameOf(kind);
  const { group, version } = kind;
  const schema = kind.custom ? publishedCustom(kind.custom.jsonSchema) : publishedDefinition(name, kind.schema);
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
  const name = metaSchema(metadata);
  return {
    ...typeFields,
    metadata: { description: metadataDescriptions[name] ?? "", allOf: [{ $ref: schemaPointer + name }] },
  };
}

/** What its author left to be understood is said. */
function publishedCustom(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([key, member]) => [key, publishedMember(key, member)]);
  const published = Object.fromEntries(entries) as JsonObject;
  if (schema["x-kubernetes-int-or-string"] === true && schema["anyOf"] === undefined)
    return { ...published, anyOf: [{ type: "integer" }, text] };
  if (schema["x-kubernetes-embedded-resource"] !== true) return published;
  const properties = published["properties"];
  return { ...published, properties: { ...(isJsonObject(properties) ? properties : {}), ...standard("ObjectMeta") } };
}

function publishedMember(key: string, member: unknown): unknown {
  if (!isJsonObject(member)) return member;
  if (key === "items" || key === "additionalProperties") return publishedCustom(member);
  if (key !== "properties") return member;
  return Object.fromEntries(
    Object.entries(member).map(([name, property]) => [
      name,
      isJsonObject(property) ? publishedCustom(property) : property,
    ]),
  );
}
