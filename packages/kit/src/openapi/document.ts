import { propertiesOf } from "../http/route.ts";
import { STATUS_CODES } from "node:http";
import type { Route } from "../http/route.ts";
import type { TSchema } from "../schema.ts";

export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: OpenApiContent };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: TSchema;
}

export type OpenApiContent = Readonly<Record<string, { readonly schema: TSchema }>>;

export interface OpenApiResponse {
  readonly description: string;
  readonly content?: OpenApiContent;
}

const problemSchema = {
  type: "object",
  required: ["type", "title", "status"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    traceId: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        properties: { in: { type: "string" }, pointer: { type: "string" }, detail: { type: "string" } },
      },
    },
  },
} as const;

/** What the routes declare, as OpenAPI 3.1 writes it: its schemas are JSON Schema, so ours stay as they are. */
export function openApiDocument(info: OpenApiDocument["info"], routes: readonly Route[]): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    if (route.hidden) continue;
    const operations = (paths[route.path] ??= {});
    operations[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info,
    paths,
    components: {
      schemas: { Problem: problemSchema },
      responses: {
        Problem: {
          description: "A problem, as RFC 9457 writes it",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
      securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

function operation(route: Route): OpenApiOperation {
  const parameters = [
    ...parametersOf("path", route.params),
    ...parametersOf("query", route.query),
    ...parametersOf("header", route.headers),
  ];
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.tags ? { tags: route.tags } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: true, content: { "application/json": { schema: route.body } } } } : {}),
    responses: responsesOf(route),
    ...securityOf(route),
  };
}

function parametersOf(place: OpenApiParameter["in"], schema: TSchema | undefined): readonly OpenApiParameter[] {
  const required = schema && "required" in schema && Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || (required.includes(name) && !("default" in property)),
    schema: property,
  }));
}

/** `GET /orders/{id}/items` becomes `getOrdersByIdItems`. */
function operationId(route: Route): string {
  const words = route.path
    .split("/")
    .filter((segment) => segment !== "")
    .flatMap((segment) => (segment.startsWith("{") ? `by-${segment.slice(1, -1)}` : segment).split(/[^a-zA-Z0-9]+/));
  return route.method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function responsesOf(route: Route): Readonly<Record<string, OpenApiResponse>> {
  const responses: Record<string, OpenApiResponse> = {};
  for (const [status, schema] of Object.entries(route.responses)) {
    const description = "description" in schema ? String(schema.description) : (STATUS_CODES[status] ?? status);
    responses[status] = { description, ...contentOf(schema) };
  }
  for (const status of problemStatuses(route)) {
    responses[String(status)] ??= problemResponse(status);
  }
  return responses;
}

function contentOf(schema: TSchema): { content?: OpenApiContent } {
  if ("type" in schema && schema.type === "undefined") return {};
  const mediaType = "contentMediaType" in schema ? String(schema.contentMediaType) : "application/json";
  return { content: { [mediaType]: { schema } } };
}

/** What the kit answers by itself, and what the handler says it answers. */
function problemStatuses(route: Route): readonly number[] {
  const takesInput = route.params ?? route.query ?? route.headers ?? route.body;
  return [
    ...(takesInput ? [400] : []),
    ...(route.access === "public" ? [] : [401]),
    ...(typeof route.access === "object" ? [403] : []),
    ...(route.body ? [413, 415] : []),
    ...(route.problems ?? []),
    429,
    500,
    503,
  ];
}

function problemResponse(status: number): OpenApiResponse {
  return {
    description: STATUS_CODES[status] ?? "Problem",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

function securityOf(route: Route): Pick<OpenApiOperation, "security"> {
  if (route.access === "public") return {};
  if (route.access === "optional") return { security: [{}, { token: [] }] };
  // OpenAPI 3.1 lets roles be named for every kind of scheme.
  return { security: [{ token: typeof route.access === "object" ? route.access.roles : [] }] };
}
