import type { Schema, SchemaRef } from "../../src/schema/schema.ts";

/** A schema as the API server publishes it in OpenAPI v3. */
export interface Published {
  readonly $ref?: string;
  readonly allOf?: readonly Published[];
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Published>>;
  readonly additionalProperties?: Published;
  readonly items?: Published;
  readonly required?: readonly string[];
  readonly [extension: `x-kubernetes-${string}`]: unknown;
}

const PREFIX = "#/components/schemas/";

/** The schemas that the named ones need, as the project describes them. */
export function convertSchemas(
  published: Readonly<Record<string, Published>>,
  roots: readonly string[],
): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const source = published[name];
    if (schemas[name] !== undefined || source === undefined) continue;
    const converted = convert(source, (ref) => waiting.push(ref));
    if (!("ref" in converted)) schemas[name] = converted;
  }
  return schemas;
}

function convert(source: Published, needs: (name: string) => void): SchemaRef {
  const added = describe(source);
  const ref = source.$ref ?? source.allOf?.[0]?.$ref;
  if (ref !== undefined) {
    const name = ref.slice(PREFIX.length);
    needs(name);
    return { ref: name, ...added };
  }
  return { ...shape(source, needs), ...added };
}

function describe(source: Published): object {
  return {
    ...(source.default === undefined ? {} : { default: source.default }),
    ...(source.nullable === true ? { nullable: true } : {}),
    ...extension("patchStrategy", source["x-kubernetes-patch-strategy"]),
    ...extension("patchMergeKey", source["x-kubernetes-patch-merge-key"]),
  };
}

function extension(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}

function shape(source: Published, needs: (name: string) => void): Schema {
  const isAtomic = source["x-kubernetes-map-type"] === "atomic" ? { atomic: true } : {};
  const isOpen = source["x-kubernetes-preserve-unknown-fields"] === true ? { open: true } : {};
  if (source["x-kubernetes-int-or-string"] === true) return { type: "string", format: "int-or-string" };
  switch (source.type) {
    case "array":
      return {
        type: "list",
        items: convert(source.items ?? {}, needs),
        listType: (source["x-kubernetes-list-type"] ?? "atomic") as "atomic" | "set" | "map",
        ...extension("listKeys", source["x-kubernetes-list-map-keys"]),
      };
    case "object":
      if (source.additionalProperties !== undefined) {
        return { type: "map", values: convert(source.additionalProperties, needs), ...isAtomic };
      }
      if (source.properties === undefined) return { type: "any" };
      return {
        type: "object",
        fields: Object.fromEntries(
          Object.entries(source.properties).map(([name, field]) => [name, convert(field, needs)]),
        ),
        ...(source.required === undefined ? {} : { required: source.required }),
        ...isAtomic,
        ...isOpen,
      };
    case "string":
      return { type: "string", ...(source.format === undefined ? {} : { format: source.format as "byte" }) };
    case "integer":
    case "number":
    case "boolean":
      return { type: source.type };
    default:
      return source.format === "int-or-string" ? { type: "string", format: "int-or-string" } : { type: "any" };
  }
}
