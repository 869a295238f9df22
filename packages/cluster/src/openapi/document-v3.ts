import { STATUS_CODES } from "node:http";
import type { JsonObject } from "../object/json-value.ts";
import { reachable, type Definitions } from "./definitions.ts";
import { pathItems, type Content, type Operation, type Parameter } from "./operation.ts";
import { schemaPointer } from "./published-schema.ts";

export const info = { title: "Kubernetes", version: "1.35" };
const infoOfCustomKinds = { title: "Kubernetes CRD Swagger", version: "v0.1.0" };
export const security = { BearerToken: { type: "apiKey", name: "authorization", in: "header" } };

/** One document of OpenAPI 3.0: the operations of a group and version with the schemas they need. */
export function documentV3(operations: readonly Operation[], definitions: Definitions, isCustom: boolean): JsonObject {
  const paths = [...pathItems(operations)].map(([path, item]): [string, JsonObject] => [
    path,
    {
      ...Object.fromEntries(item.operations.map((each) => [each.method, operationV3(each)])),
      ...(item.parameters.length === 0 ? {} : { parameters: item.parameters.map(parameterV3) }),
    },
  ]);
  const schemas = reachable(operations.flatMap(schemasOf), definitions);
  return {
    openapi: "3.0.0",
    info: isCustom ? infoOfCustomKinds : info,
    paths: Object.fromEntries(paths.toSorted(([left], [right]) => (left < right ? -1 : 1))),
    components: {
      ...(schemas.size === 0 ? {} : { schemas: Object.fromEntries(schemas) }),
      ...(isCustom ? {} : { securitySchemes: security }),
    },
  };
}

export function schemasOf({ body, answers }: Operation): readonly string[] {
  const answered = Object.values(answers).flatMap((content) => (content === "text" ? [] : [content.schema]));
  return [...(body ? [body.schema] : []), ...answered];
}

function operationV3(operation: Operation): JsonObject {
  const { tag, id, parameters, body, answers, produces, consumes, action, kind } = operation;
  return {
    tags: [tag],
    operationId: id,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterV3) }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            content: contentV3({ schema: body.schema }, consumes),
            ...(body.isRequired ? { required: true } : {}),
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, content]) => [
          status,
          { description: STATUS_CODES[status] ?? "", content: contentV3(content, produces) },
        ]),
      ),
      401: { description: "Unauthorized" },
    },
    ...(action === undefined ? {} : { "x-kubernetes-action": action }),
    ...(kind === undefined ? {} : { "x-kubernetes-group-version-kind": kind }),
  };
}

function contentV3(content: Content, types: readonly string[]): JsonObject {
  const schema = content === "text" ? { type: "string" } : { $ref: schemaPointer + content.schema };
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function parameterV3({ name, in: where, type }: Parameter): JsonObject {
  return { name, in: where, ...(where === "path" ? { required: true } : {}), schema: { type, uniqueItems: true } };
}
