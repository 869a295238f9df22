import { compareBytes } from "../../object/go-text.ts";
import { internalJson } from "../../kinds/validation/internal-json.ts";
import type { JsonSchema, ValidationRule } from "../json-schema.ts";

const RULE_FIELDS = ["rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf"];

/** A rule as a message shows it. */
export function shownRule(rule: ValidationRule): unknown {
  return internalJson({ ...rule }, RULE_FIELDS, { message: "", messageExpression: "", fieldPath: "" });
}

/** The name that the server itself has for each field, and what stands there when nothing was said. */
const FIELDS: readonly (readonly [string, keyof JsonSchema, unknown])[] = [
  ["ID", "id", ""],
  ["Schema", "$schema", ""],
  ["Ref", "$ref", null],
  ["Description", "description", ""],
  ["Type", "type", ""],
  ["Nullable", "nullable", false],
  ["Format", "format", ""],
  ["Title", "title", ""],
  ["Default", "default", null],
  ["Maximum", "maximum", null],
  ["ExclusiveMaximum", "exclusiveMaximum", false],
  ["Minimum", "minimum", null],
  ["ExclusiveMinimum", "exclusiveMinimum", false],
  ["MaxLength", "maxLength", null],
  ["MinLength", "minLength", null],
  ["Pattern", "pattern", ""],
  ["MaxItems", "maxItems", null],
  ["MinItems", "minItems", null],
  ["UniqueItems", "uniqueItems", false],
  ["MultipleOf", "multipleOf", null],
  ["Enum", "enum", null],
  ["MaxProperties", "maxProperties", null],
  ["MinProperties", "minProperties", null],
  ["Required", "required", null],
  ["Items", "items", null],
  ["AllOf", "allOf", null],
  ["OneOf", "oneOf", null],
  ["AnyOf", "anyOf", null],
  ["Not", "not", null],
  ["Properties", "properties", null],
  ["AdditionalProperties", "additionalProperties", null],
  ["PatternProperties", "patternProperties", null],
  ["Dependencies", "dependencies", null],
  ["AdditionalItems", "additionalItems", null],
  ["Definitions", "definitions", null],
  ["ExternalDocs", "externalDocs", null],
  ["Example", "example", null],
  ["XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", null],
  ["XEmbeddedResource", "x-kubernetes-embedded-resource", false],
  ["XIntOrString", "x-kubernetes-int-or-string", false],
  ["XListMapKeys", "x-kubernetes-list-map-keys", null],
  ["XListType", "x-kubernetes-list-type", null],
  ["XMapType", "x-kubernetes-map-type", null],
  ["XValidations", "x-kubernetes-validations", null],
];

/** A schema as a message shows it. */
export function shownSchema(schema: JsonSchema): unknown {
  return Object.fromEntries(FIELDS.map(([name, field, zero]) => [name, shownField(schema, field) ?? zero]));
}

function shownField(schema: JsonSchema, field: keyof JsonSchema): unknown {
  const value = schema[field];
  if (value === undefined) return undefined;
  switch (field) {
    case "properties":
    case "patternProperties":
    case "definitions":
      return shownMap(value as Readonly<Record<string, JsonSchema>>);
    case "allOf":
    case "anyOf":
    case "oneOf":
      return (value as readonly JsonSchema[]).map(shownSchema);
    case "not":
      return shownSchema(value as JsonSchema);
    case "items":
      return Array.isArray(value)
        ? { Schema: null, JSONSchemas: (value as readonly JsonSchema[]).map(shownSchema) }
        : { Schema: shownSchema(value as JsonSchema), JSONSchemas: null };
    case "additionalProperties":
    case "additionalItems":
      return typeof value === "object"
        ? { Allows: true, Schema: shownSchema(value as JsonSchema) }
        : { Allows: value, Schema: null };
    case "x-kubernetes-validations":
      return (value as readonly ValidationRule[]).map(shownRule);
    default:
      return value;
  }
}

function shownMap(schemas: Readonly<Record<string, JsonSchema>>): unknown {
  const entries = Object.entries(schemas).sort(([left], [right]) => compareBytes(left, right));
  return Object.fromEntries(entries.map(([name, schema]) => [name, shownSchema(schema)]));
}
