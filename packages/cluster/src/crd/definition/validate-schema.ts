import { forbidden, invalid, notSupported } from "../../kinds/validation/errors.ts";
import type { FieldError } from "../../object/field-error.ts";
import { isEmbedded, itemsOf, TYPE_AND_METADATA, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import { listTypeErrors } from "./list-type-errors.ts";
import type { RuleContext, Step } from "./rule-context.ts";
import { ruleFormErrors, ruleErrors } from "./rule-errors.ts";

/** Mistakes of rules are only told when the schema around them is right. */
export interface SchemaErrors {
  readonly schema: FieldError[];
  readonly rules: FieldError[];
}

export interface SchemaPlace {
  readonly path: string;
  readonly isRoot?: boolean;
  /** Inside the type or metadata of a whole object. */
  readonly isInMetadata?: boolean;
  /** Why there may be no defaults. */
  readonly noDefaults?: string | undefined;
  /** The part around it whose items can't be found again in an older object. */
  readonly uncorrelatable?: string | undefined;
  /** Undefined where rules are not looked at. */
  readonly context?: RuleContext | undefined;
  /** What it costs is not looked at: the schema is as it was. */
  readonly isUnchanged: boolean;
}

/** What is wrong with a part of a schema, and what is in it. */
export function validateSchema(schema: JsonSchema, place: SchemaPlace): SchemaErrors {
  const { path } = place;
  const errors: SchemaErrors = { schema: [...ownErrors(schema, place)], rules: [] };
  if (schema.uniqueItems === true)
    errors.schema.push(
      forbidden(
        `${path}.uniqueItems`,
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  validateValues(schema, place, errors);
  validateProperties(schema, place, errors);
  validateCombined(schema, place, errors);
  validateItems(schema, place, errors);
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    errors.schema.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, "must be true or undefined"));
  errors.schema.push(...listTypeErrors(schema, path), ...ruleFormErrors(schema, path));
  const { context } = place;
  const hasRules = (schema["x-kubernetes-validations"] ?? []).length > 0;
  if (errors.schema.length === 0 && context && hasRules) errors.rules.push(...ruleErrors(schema, place, context));
  return errors;
}

function add(errors: SchemaErrors, more: SchemaErrors): void {
  errors.schema.push(...more.schema);
  errors.rules.push(...more.rules);
}

function inside(schema: JsonSchema, place: SchemaPlace, step: Step, path: string): SchemaPlace {
  const { isRoot: _, context, ...rest } = place;
  return { ...rest, path, context: context?.child(schema, step) };
}

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];

const UNSUPPORTED: readonly (readonly [keyof JsonSchema, string, string])[] = [
  ["id", "id", "id is not supported"],
  ["additionalItems", "additionalItems", "additionalItems is not supported"],
  ["patternProperties", "patternProperties", "patternProperties is not supported"],
  ["definitions", "definitions", "definitions is not supported"],
  ["dependencies", "dependencies", "dependencies is not supported"],
  ["$ref", "$ref", "$ref is not supported"],
];

function ownErrors(schema: JsonSchema, { path, noDefaults, isInMetadata }: SchemaPlace): FieldError[] {
  const { type = "", items } = schema;
  const errors: FieldError[] = [];
  if (type !== "" && !TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, TYPES));
  if (schema.default !== undefined && noDefaults !== undefined)
    errors.push(forbidden(`${path}.default`, `must not be set ${noDefaults}`));
  for (const [field, name, detail] of UNSUPPORTED)
    if (isSaid(schema[field])) errors.push(forbidden(`${path}.${name}`, detail));
  if (type === "null")
    errors.push(forbidden(`${path}.type`, "type cannot be set to null, use nullable as an alternative"));
  if (Array.isArray(items) && items.length > 0)
    errors.push(forbidden(`${path}.items`, "items must be a schema object and not an array"));
  if (isInMetadata === true && isEmbedded(schema))
    errors.push(forbidden(`${path}.x-kubernetes-embedded-resource`, "must not be used inside of resource meta"));
  return errors;
}

function isSaid(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== "" && value !== null;
}

function validateValues(schema: JsonSchema, place: SchemaPlace, errors: SchemaErrors): void {
  const { additionalProperties, properties = {} } = schema;
  if (additionalProperties === undefined) return;
  const path = `${place.path}.additionalProperties`;
  if (Object.keys(properties).length > 0 && additionalProperties !== true)
    errors.schema.push(forbidden(path, "additionalProperties and properties are mutual exclusive"));
  const values = valuesOf(schema);
  if (values === undefined) return;
  const noDefaults =
    place.isInMetadata === true ? "inside additionalProperties applying to object metadata" : place.noDefaults;
  add(errors, validateSchema(values, { ...inside(values, place, "values", path), noDefaults }));
}

function validateProperties(schema: JsonSchema, place: SchemaPlace, errors: SchemaErrors): void {
  const { isRoot = false } = place;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMeta = (isRoot || isEmbedded(schema)) && TYPE_AND_METADATA.has(name);
    const inner = inside(property, place, { property: name }, `${place.path}.properties[${name}]`);
    add(
      errors,
      validateSchema(property, {
        ...inner,
        isInMetadata: isMeta || place.isInMetadata === true,
        noDefaults: isMeta && isRoot ? `in top-level ${name}` : place.noDefaults,
      }),
    );
  }
}

/** Rules have no place inside. */
function validateCombined(schema: JsonSchema, place: SchemaPlace, errors: SchemaErrors): void {
  const { isRoot: _, context: __, ...rest } = place;
  const visit = (part: JsonSchema, path: string): void => add(errors, validateSchema(part, { ...rest, path }));
  if (schema.not) visit(schema.not, `${place.path}.not`);
  for (const name of ["allOf", "oneOf", "anyOf"] as const)
    for (const [index, part] of (schema[name] ?? []).entries()) visit(part, `${place.path}.${name}[${index}]`);
  for (const [name, part] of Object.entries(schema.definitions ?? {}))
    visit(part, `${place.path}.definitions[${name}]`);
}

function validateItems(schema: JsonSchema, place: SchemaPlace, errors: SchemaErrors): void {
  const items = itemsOf(schema);
  if (items === undefined) return;
  const isKeyed = schema["x-kubernetes-list-type"] === "map";
  const uncorrelatable = place.uncorrelatable ?? (isKeyed ? undefined : place.path);
  add(errors, validateSchema(items, { ...inside(items, place, "items", `${place.path}.items`), uncorrelatable }));
}
