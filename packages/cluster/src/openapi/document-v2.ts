import { STATUS_CODES } from "node:http";
import { isJsonObject, type JsonObject } from "../object/json-value.ts";
import { reachable, type Definitions } from "./definitions.ts";
import { info, schemasOf, security } from "./document-v3.ts";
import { pathItems, type Content, type Operation, type Parameter, type RequestBody } from "./operation.ts";
import { schemaPointer } from "./published-schema.ts";

const pointer = "#/definitions/";

/** The one document of OpenAPI 2.0: everything that is served. */
export function documentV2(operations: readonly Operation[], definitions: Definitions): JsonObject {
  const shared = new Map<string, JsonObject>();
  const paths = [...pathItems(operations)].map(([path, item]): [string, JsonObject] => [
    path,
    {
      ...Object.fromEntries(item.operations.map((each) => [each.method, operationV2(each, shared)])),
      ...(item.parameters.length === 0 ? {} : { parameters: item.parameters.map((each) => parameterV2(each, shared)) }),
    },
  ]);
  const schemas = [...reachable(operations.flatMap(schemasOf), definitions)];
  return {
    swagger: "2.0",
    info,
    paths: sorted(paths),
    definitions: Object.fromEntries(schemas.map(([name, schema]) => [name, definitionV2(name, schema)])),
    parameters: sorted([...shared]),
    securityDefinitions: security,
    security: [{ BearerToken: [] }],
  };
}

function sorted(entries: readonly (readonly [string, JsonObject])[]): JsonObject {
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function operationV2(operation: Operation, shared: Map<string, JsonObject>): JsonObject {
  const { tag, id, body, answers, produces, consumes, action, kind } = operation;
  const parameters = [
    ...(body === undefined ? [] : [bodyV2(body, shared)]),
    ...operation.parameters.map((each) => parameterV2(each, shared)),
  ];
  return {
    ...(consumes.length === 0 ? {} : { consumes }),
    produces,
    schemes: ["https"],
    tags: [tag],
    operationId: id,
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, content]) => [
          status,
          { description: STATUS_CODES[status] ?? "", schema: contentV2(content) },
        ]),
      ),
      401: { description: "Unauthorized" },
    },
    ...(action === undefined ? {} : { "x-kubernetes-action": action }),
    ...(kind === undefined ? {} : { "x-kubernetes-group-version-kind": kind }),
  };
}

function contentV2(content: Content): JsonObject {
  return content === "text" ? { type: "string" } : { $ref: pointer + content.schema };
}

function bodyV2({ schema, isRequired, shared: name }: RequestBody, shared: Map<string, JsonObject>): JsonObject {
  const required = isRequired ? { required: true } : {};
  return sharedOr(name, { name: "body", in: "body", ...required, schema: { $ref: pointer + schema } }, shared);
}

function parameterV2({ name, in: where, type, shared: known }: Parameter, shared: Map<string, JsonObject>): JsonObject {
  const required = where === "path" ? { required: true } : {};
  return sharedOr(known, { uniqueItems: true, type, name, in: where, ...required }, shared);
}

/** Parameters that stand at many operations are written once. */
function sharedOr(name: string | undefined, parameter: JsonObject, shared: Map<string, JsonObject>): JsonObject {
  if (name === undefined) return parameter;
  shared.set(name, parameter);
  return { $ref: `#/parameters/${name}` };
}

const scalars: Readonly<Record<string, JsonObject>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: "string", format: "int-or-string" },
};

const unknownFields = "x-kubernetes-preserve-unknown-fields";
const groups = "x-kubernetes-group-version-kind";

function definitionV2(name: string, schema: JsonObject): JsonObject {
  const scalar = scalars[name];
  if (scalar) return scalar;
  if (schema[unknownFields] === true) return { type: "object", [groups]: schema[groups] };
  return schemaV2(schema);
}

/** What version 2 has no words for is left out: any type is better than a wrong one. */
function schemaV2(schema: JsonObject): JsonObject {
  const { default: _, nullable, allOf, ...rest } = schema;
  const reference: unknown = Array.isArray(allOf) && allOf.length === 1 ? allOf[0] : undefined;
  if (isJsonObject(reference) && typeof reference["$ref"] === "string")
    return { ...rest, $ref: pointerV2(reference["$ref"]) };
  if (typeof rest["$ref"] === "string") return { ...rest, $ref: pointerV2(rest["$ref"]) };
  const isLoose = nullable === true || rest[unknownFields] === true || rest["x-kubernetes-int-or-string"] === true;
  const entries = Object.entries(rest).filter(([key]) => !unsaid.has(key) && !(isLoose && typed.has(key)));
  return Object.fromEntries(entries.map(([key, member]) => [key, memberV2(key, member)]));
}

const unsaid = new Set(["oneOf", "anyOf", "not"]);
const typed = new Set(["type", "properties", "items", "additionalProperties"]);

function memberV2(key: string, member: unknown): unknown {
  if (!isJsonObject(member)) return member;
  if (key === "items" || key === "additionalProperties") return schemaV2(member);
  if (key !== "properties") return member;
  return Object.fromEntries(
    Object.entries(member).map(([name, property]) => [name, isJsonObject(property) ? schemaV2(property) : property]),
  );
}

function pointerV2(reference: string): string {
  return pointer + reference.slice(schemaPointer.length);
}
