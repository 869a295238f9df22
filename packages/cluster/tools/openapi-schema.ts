import type { Described, NamedSchema, ObjectSchema, ScalarSchema, Schema, SchemaRef } from "../src/schema/schema.ts";

/** As the real server publishes a schema in OpenAPI v3. */
export interface PublishedSchema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly PublishedSchema[];
  readonly oneOf?: readonly PublishedSchema[];
  readonly properties?: Readonly<Record<string, PublishedSchema>>;
  readonly additionalProperties?: PublishedSchema;
  readonly items?: PublishedSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
}

/** How Go writes one field, as `go-fields` prints it. */
export interface GoField {
  readonly name: string;
  readonly nonzero?: true;
  readonly zero?: unknown;
}

const SCALAR_NAMES: Readonly<Record<string, Schema>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string", format: "quantity" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": { type: "string", format: "date-time" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": { type: "string", format: "micro-time" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.Duration": { type: "string", format: "duration" },
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: "string", format: "int-or-string" },
};

/** The named schemas of the real server in our form. Descriptions are left out. */
export function librarySchemas(
  published: Readonly<Record<string, PublishedSchema>>,
  goFields: Readonly<Record<string, readonly GoField[]>>,
): Record<string, Schema> {
  const result: Record<string, Schema> = {};
  for (const name of Object.keys(published).toSorted()) {
    const schema = published[name];
    if (schema === undefined || SCALAR_NAMES[name]) continue;
    result[name] = schema.properties ? objectOf(schema, goFields[name]) : anonymous(schema);
  }
  return result;
}

function objectOf(published: PublishedSchema, goFields: readonly GoField[] | undefined): ObjectSchema {
  const properties = published.properties ?? {};
  const order = goFields?.map(({ name }) => name) ?? [];
  const names = [
    ...order.filter((name) => properties[name]),
    ...Object.keys(properties).filter((name) => !order.includes(name)),
  ];
  const nonzero = goFields?.filter((field) => field.nonzero).map(({ name }) => name) ?? [];
  const zeros = goFields?.filter((field) => "zero" in field).map(({ name, zero }) => [name, zero] as const) ?? [];
  return {
    type: "object",
    fields: Object.fromEntries(names.map((name) => [name, reference(properties[name] ?? {})])),
    ...(published.required && { required: published.required }),
    ...(published["x-kubernetes-map-type"] === "atomic" && { atomic: true }),
    ...(nonzero.length > 0 && { nonzero }),
    ...(zeros.length > 0 && { zeros: Object.fromEntries(zeros) }),
  };
}

function reference(published: PublishedSchema): SchemaRef {
  const target = published.$ref ?? published.allOf?.[0]?.$ref;
  const described = describedBy(published);
  if (target === undefined) return { ...anonymous(published), ...described };
  const name = target.slice(target.lastIndexOf("/") + 1);
  const scalar = SCALAR_NAMES[name];
  if (scalar) return { ...scalar, ...described };
  const mapType = published["x-kubernetes-map-type"];
  const named: NamedSchema = { ref: name, ...(mapType && { atomic: mapType === "atomic" }), ...described };
  return named;
}

function describedBy(published: PublishedSchema): Described {
  const strategy = published["x-kubernetes-patch-strategy"];
  const mergeKey = published["x-kubernetes-patch-merge-key"];
  const value = published.default;
  const isTelling =
    value !== undefined && value !== "" && value !== 0 && value !== false && JSON.stringify(value) !== "{}";
  return {
    ...(isTelling && { default: value }),
    ...(strategy !== undefined && { patchStrategy: strategy }),
    ...(mergeKey !== undefined && { patchMergeKey: mergeKey }),
  };
}

function anonymous(published: PublishedSchema): Schema {
  if (published.items) {
    const listKeys = published["x-kubernetes-list-map-keys"];
    return {
      type: "list",
      items: reference(published.items),
      listType: published["x-kubernetes-list-type"] ?? "atomic",
      ...(listKeys && { listKeys }),
    };
  }
  if (published.additionalProperties) {
    const isAtomic = published["x-kubernetes-map-type"] === "atomic";
    return { type: "map", values: reference(published.additionalProperties), ...(isAtomic && { atomic: true }) };
  }
  if (published.type === undefined || published.type === "object") return { type: "any", atomic: true };
  const format = published.format as NonNullable<ScalarSchema["format"]> | undefined;
  return {
    type: published.type as ScalarSchema["type"],
    ...(format && { format }),
    ...(published.enum && { enum: published.enum }),
  };
}
