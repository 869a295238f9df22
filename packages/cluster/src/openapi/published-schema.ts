import type { JsonObject } from "../object/json-value.ts";
import type { Described, ObjectSchema, ScalarSchema, Schema, SchemaRef } from "../schema/schema.ts";
import { fieldDescriptions, metadataDescriptions, typeDescriptions } from "./data/descriptions.ts";
import {
  addedToFields,
  fieldsWithoutListType,
  looseValues,
  references,
  scalarDefinitions,
  undescribedFields,
  unions,
} from "./data/published-facts.ts";

export const schemaPointer = "#/components/schemas/";

/** A named schema as version 3 has it; version 2 says less. */
export function publishedDefinition(name: string, schema: Schema): JsonObject {
  if (schema.type !== "object") return looseValues.has(name) ? {} : valueOf(schema, name);
  const union = unions[name];
  return {
    type: "object",
    ...(schema.required === undefined ? {} : { required: schema.required }),
    ...(Object.keys(schema.fields).length === 0 ? {} : { properties: propertiesOf(schema, name) }),
    ...(schema.atomic === true ? { "x-kubernetes-map-type": "atomic" } : {}),
    ...(union === undefined ? {} : { "x-kubernetes-unions": [union] }),
  };
}

function propertiesOf(schema: ObjectSchema, name: string): JsonObject {
  const entries = Object.entries(schema.fields).map(([field, reference]) => [
    field,
    described(fieldOf(reference, { zero: schema.zeros?.[field], path: `${name}.${field}` }), {
      field,
      path: `${name}.${field}`,
      isTyped: "apiVersion" in schema.fields && "kind" in schema.fields && !references.has(name),
      target: definitionOf(reference),
    }),
  ]);
  return Object.fromEntries(entries) as JsonObject;
}

interface Place {
  readonly field: string;
  readonly path: string;
  /** Whether it is in something that says what it is. */
  readonly isTyped: boolean;
  readonly target: string | undefined;
}

function described(schema: JsonObject, { field, path, isTyped, target }: Place): JsonObject {
  const typed = isTyped ? (typeDescriptions[field] ?? metadataDescription(field, target)) : undefined;
  const description = fieldDescriptions[path] ?? typed;
  return description === undefined ? schema : { description, ...schema };
}

function metadataDescription(field: string, target: string | undefined): string | undefined {
  return field === "metadata" && target !== undefined ? metadataDescriptions[target] : undefined;
}

function fieldOf(reference: SchemaRef, { zero, path }: { zero: unknown; path: string }): JsonObject {
  const target = definitionOf(reference);
  const added = { ...defaultOf(reference, { zero, target }), ...describedBy(reference), ...addedToFields[path] };
  if (target === undefined) return { ...valueOf(reference as Schema, path), ...added };
  if (undescribedFields.has(path)) return { $ref: schemaPointer + target };
  const isAtomic = "ref" in reference ? reference.atomic : undefined;
  return {
    ...added,
    ...(isAtomic === undefined ? {} : { "x-kubernetes-map-type": isAtomic ? "atomic" : "granular" }),
    allOf: [{ $ref: schemaPointer + target }],
  };
}

/** Values that are always written have the zero of their type when nobody says otherwise. */
function defaultOf(
  { default: said }: Described,
  { zero, target }: { readonly zero: unknown; readonly target: string | undefined },
): JsonObject {
  if (said !== undefined) return { default: said };
  if (zero === undefined || zero === null) return {};
  if (isObject(zero)) return { default: {} };
  return target === undefined ? { default: zero } : {};
}

function describedBy({ patchStrategy, patchMergeKey, nullable }: Described): JsonObject {
  return {
    ...(nullable === true ? { nullable } : {}),
    ...(patchStrategy === undefined ? {} : { "x-kubernetes-patch-strategy": patchStrategy }),
    ...(patchMergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": patchMergeKey }),
  };
}

/** Of the items of a list and the values of a map. */
function elementOf(reference: SchemaRef, path: string): JsonObject {
  const target = definitionOf(reference);
  if (target === undefined) {
    const value = valueOf(reference as Schema, path);
    const zero = "ref" in reference ? undefined : zeroOfElement(reference);
    return zero === undefined ? value : { ...value, default: zero };
  }
  if ("ref" in reference && !looseValues.has(target)) return { default: {}, allOf: [{ $ref: schemaPointer + target }] };
  return { $ref: schemaPointer + target };
}

function zeroOfElement(schema: Schema): unknown {
  switch (schema.type) {
    case "string":
      return schema.format === "byte" ? undefined : "";
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    default:
      return undefined;
  }
}

function valueOf(schema: Schema, path: string): JsonObject {
  switch (schema.type) {
    case "list":
      return {
        type: "array",
        items: elementOf(schema.items, path),
        ...(isListTypeSaid(path) ? { "x-kubernetes-list-type": schema.listType } : {}),
        ...(schema.listKeys === undefined ? {} : { "x-kubernetes-list-map-keys": schema.listKeys }),
      };
    case "map":
      return {
        type: "object",
        additionalProperties: elementOf(schema.values, `${path}.*`),
        ...(schema.atomic === undefined ? {} : { "x-kubernetes-map-type": schema.atomic ? "atomic" : "granular" }),
      };
    case "object":
      return publishedDefinition(path, schema);
    case "any":
      return { type: "object" };
    default:
      return scalarOf(schema);
  }
}

function isListTypeSaid(path: string): boolean {
  return !path.endsWith("List.items") && !fieldsWithoutListType.has(path);
}

function scalarOf({ type, format, enum: values }: ScalarSchema): JsonObject {
  return { type, ...(format === undefined ? {} : { format }), ...(values === undefined ? {} : { enum: values }) };
}

/** The name that stands for the value, when it has one. */
export function definitionOf(reference: SchemaRef): string | undefined {
  if ("ref" in reference) return reference.ref;
  if (reference.type !== "string" || reference.format === undefined) return undefined;
  return scalarNames[reference.format];
}

const scalarNames: Readonly<Record<string, string>> = {
  quantity: "io.k8s.apimachinery.pkg.api.resource.Quantity",
  "date-time": "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
  "micro-time": "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
  duration: "io.k8s.apimachinery.pkg.apis.meta.v1.Duration",
  "int-or-string": "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
};

export function scalarDefinition(name: string): JsonObject | undefined {
  return scalarDefinitions[name];
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
