import { platformSchema } from "../model/platform.ts";
import { serviceSchema } from "../model/service.ts";
import { jsonSchemaOf, type JsonSchema } from "./json-schema.ts";

export const publishedKinds = ["service", "platform"] as const;
export type PublishedKind = (typeof publishedKinds)[number];

/** The JSON Schema that editors load. */
export function jsonSchema(kind: PublishedKind): JsonSchema {
  const schema = kind === "service" ? serviceSchema : platformSchema;
  const title = kind === "service" ? "Fairway service" : "Fairway platform";
  return jsonSchemaOf(schema, { id: `https://fairway.dev/schemas/v1/${kind}.schema.json`, title });
}
