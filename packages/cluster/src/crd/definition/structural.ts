import { compileRegexp } from "@fairway/cel";
import { forbidden, invalid, required } from "../../kinds/validation/errors.ts";
import { compareBytes } from "../../object/go-text.ts";
import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import { isEmbedded, isIntOrString, itemsOf, preservesUnknown, propertyOf, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";

type Level = "root" | "item" | "field";

/** What keeps a schema from being structural: one whose shape can be read without looking at values. Sorted. */
export function validateStructural(schema: JsonSchema, path: string): FieldError[] {
  const errors = [...invariants(schema, "root", path), ...completeness(schema, schema, { schemaPath: path, path })];
  return errors.toSorted((left, right) =>
    compareBytes(`${left.field}: ${left.message}`, `${right.field}: ${right.message}`),
  );
}

function invariants(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  const errors: FieldError[] = [];
  if (schema.type === "array" && items === undefined) errors.push(required(`${path}.items`, "must be specified"));
  if (items) errors.push(...invariants(items, "item", `${path}.items`));
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...invariants(property, "field", `${path}.properties[${name}]`));
  if (schema.additionalProperties !== undefined) {
    const at = `${path}.additionalProperties`;
    if (level === "root") errors.push(forbidden(at, "must not be used at the root"));
    if (values) errors.push(...invariants(values, "field", at));
  }
  return [
    ...errors,
    ...extensionErrors(schema, path),
    ...valueErrors(schema, path, exceptionsOf(schema)),
    ...typeErrors(schema, level, path),
    ...embeddedErrors(schema, level, path),
  ];
}

function extensionErrors(schema: JsonSchema, path: string): FieldError[] {
  if (!isIntOrString(schema)) return [];
  const detail = "must be false if x-kubernetes-int-or-string is true";
  const errors: FieldError[] = [];
  if (preservesUnknown(schema)) errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, detail));
  if (isEmbedded(schema)) errors.push(invalid(`${path}.x-kubernetes-embedded-resource`, true, detail));
  return errors;
}

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function typeErrors(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const { type = "" } = schema;
  const at = `${path}.type`;
  const errors: FieldError[] = [];
  if (isEmbedded(schema) && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? required(at, detail) : invalid(at, type, detail));
  } else if (type === "" && !isIntOrString(schema) && !preservesUnknown(schema)) {
    errors.push(required(at, EMPTY_TYPE[level]));
  }
  if (isEmbedded(schema) && schema.additionalProperties !== undefined)
    errors.push(forbidden(`${path}.additionalProperties`, "must not be used if x-kubernetes-embedded-resource is set"));
  if (level === "root" && type !== "" && type !== "object")
    errors.push(invalid(at, type, "must be object at the root"));
  return errors;
}

/** What is said of the type and metadata that every object has. */
function embeddedErrors(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const isWhole = level === "root" || isEmbedded(schema);
  const errors: FieldError[] = [];
  for (const name of ["kind", "apiVersion"]) {
    const property = propertyOf(schema, name);
    if (isWhole && property && property.type !== "string")
      errors.push(invalid(`${path}.properties[${name}].type`, property.type ?? "", "must be string"));
  }
  const metadata = propertyOf(schema, "metadata");
  const at = `${path}.properties[metadata]`;
  if (metadata && isWhole && metadata.type !== "object")
    errors.push(invalid(`${at}.type`, metadata.type ?? "", "must be object"));
  if (metadata && level === "root" && !saysNamesAlone(metadata))
    errors.push(
      forbidden(at, "must not specify anything other than name and generateName, but metadata is implicitly specified"),
    );
  if (isEmbedded(schema) && !preservesUnknown(schema) && Object.keys(schema.properties ?? {}).length === 0)
    errors.push(
      required(
        `${path}.properties`,
        "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      ),
    );
  return errors;
}

function saysNamesAlone({ properties, ...others }: JsonSchema): boolean {
  const names = Object.keys(properties ?? {});
  const rest = { ...others, type: undefined, default: undefined };
  const isEmptyRest = Object.values(rest).every(
    (value) => value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0),
  );
  return isEmptyRest && names.every((name) => name === "name" || name === "generateName");
}

/** Types may only be said twice where a number may be a text. */
interface Exceptions {
  readonly anyOf: boolean;
  readonly firstAllOf: boolean;
}

const NO_EXCEPTIONS: Exceptions = { anyOf: false, firstAllOf: false };
const INT_OR_STRING: readonly JsonSchema[] = [{ type: "integer" }, { type: "string" }];

function exceptionsOf({ anyOf, allOf }: JsonSchema): Exceptions {
  return { anyOf: equalJson(anyOf, INT_OR_STRING), firstAllOf: equalJson(allOf?.[0]?.anyOf, INT_OR_STRING) };
}

function valueErrors(schema: JsonSchema, path: string, { anyOf, firstAllOf }: Exceptions): FieldError[] {
  const errors: FieldError[] = [];
  const each = (name: "anyOf" | "allOf" | "oneOf", exceptions: (index: number) => Exceptions): void => {
    for (const [index, part] of (schema[name] ?? []).entries())
      errors.push(...nestedErrors(part, `${path}.${name}[${index}]`, exceptions(index)));
  };
  if (!anyOf) each("anyOf", () => NO_EXCEPTIONS);
  each("allOf", (index) => ({ anyOf: firstAllOf && index === 0, firstAllOf: false }));
  each("oneOf", () => NO_EXCEPTIONS);
  if (schema.not) errors.push(...nestedErrors(schema.not, `${path}.not`, NO_EXCEPTIONS));
  const problem = schema.pattern ? patternProblem(schema.pattern) : undefined;
  if (problem !== undefined)
    errors.push(
      invalid(`${path}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${problem}`),
    );
  return errors;
}

function patternProblem(pattern: string): string | undefined {
  try {
    compileRegexp(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

const FORBIDDEN: readonly (readonly [keyof JsonSchema, string])[] = [
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

/** Inside `allOf`, `anyOf`, `oneOf` and `not` there are values, and no shapes. */
function nestedErrors(schema: JsonSchema, path: string, exceptions: Exceptions): FieldError[] {
  const errors = valueErrors(schema, path, exceptions);
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  if (items) errors.push(...nestedErrors(items, `${path}.items`, NO_EXCEPTIONS));
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...nestedErrors(property, `${path}.properties[${name}]`, NO_EXCEPTIONS));
  if ((schema.type ?? "") !== "") errors.push(forbidden(`${path}.type`, "must be empty to be structural"));
  if (values || schema.additionalProperties === true)
    errors.push(forbidden(`${path}.additionalProperties`, "must be undefined to be structural"));
  for (const [name, detail] of FORBIDDEN) if (isSaid(schema[name])) errors.push(forbidden(`${path}.${name}`, detail));
  if (propertyOf(schema, "metadata"))
    errors.push(forbidden(`${path}.properties[metadata]`, "must not be specified in a nested context"));
  return errors;
}

function isSaid(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== undefined && value !== "" && value !== false && value !== null;
}

interface Places {
  /** Of the shape. */
  readonly schemaPath: string;
  /** Of what is said of its values. */
  readonly path: string;
}

/** Whatever is said of values has to be said of something that the shape has. */
function completeness(checks: JsonSchema, schema: JsonSchema, { schemaPath, path }: Places): FieldError[] {
  const nested: readonly (readonly [JsonSchema, string])[] = [
    ...(checks.not ? [[checks.not, `${path}.not`] as const] : []),
    ...(["allOf", "anyOf", "oneOf"] as const).flatMap((name) =>
      (checks[name] ?? []).map((part, index) => [part, `${path}.${name}[${index}]`] as const),
    ),
  ];
  return nested.flatMap(([part, at]) => nestedCompleteness(part, schema, { schemaPath, path: at }));
}

function nestedCompleteness(checks: JsonSchema, schema: JsonSchema | undefined, places: Places): FieldError[] {
  const { schemaPath, path } = places;
  if (schema === undefined) return [required(schemaPath, `because it is defined in ${path}`)];
  const errors = completeness(checks, schema, places);
  const items = itemsOf(checks);
  if (items)
    errors.push(
      ...nestedCompleteness(items, itemsOf(schema), { schemaPath: `${schemaPath}.items`, path: `${path}.items` }),
    );
  for (const [name, part] of Object.entries(checks.properties ?? {})) {
    const inner = { schemaPath: `${schemaPath}.properties[${name}]`, path: `${path}.properties[${name}]` };
    errors.push(...nestedCompleteness(part, propertyOf(schema, name), inner));
  }
  return errors;
}
