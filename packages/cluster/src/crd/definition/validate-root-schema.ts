import { forbidden, invalid } from "../../kinds/validation/errors.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { JsonSchema } from "../json-schema.ts";
import { SCHEMA_ESTIMATE_MAX } from "../rules/limits.ts";
import { RuleContext } from "./rule-context.ts";
import { overBudget } from "./rule-errors.ts";
import { validateStructural } from "./structural.ts";
import { shownSchema } from "./shown-schema.ts";
import { validateDefaults } from "./validate-defaults.ts";
import { validateSchema } from "./validate-schema.ts";

export interface RootSchemaOptions {
  readonly hasStatus: boolean;
  /** It is as it was before. */
  readonly isUnchanged: boolean;
}

/** What is wrong with the schema of a version. */
export function validateRootSchema(
  schema: JsonSchema,
  field: string,
  { hasStatus, isUnchanged }: RootSchemaOptions,
): FieldError[] {
  const path = `${field}.openAPIV3Schema`;
  const errors = hasStatus ? statusErrors(schema, path) : [];
  if (schema.nullable === true) errors.push(forbidden(`${path}.nullable`, "nullable cannot be true at the root"));
  const unreadable = structuralProblem(schema);
  let context: RuleContext | undefined;
  if (unreadable === undefined) {
    const shape = validateStructural(schema, path);
    const defaults =
      shape.length > 0 ? [] : validateDefaults({ ...schema, "x-kubernetes-embedded-resource": true }, path);
    errors.push(...shape, ...defaults);
    if (shape.length === 0 && defaults.length === 0) context = new RuleContext(schema);
  }
  const found = validateSchema(schema, { path, isRoot: true, context, isUnchanged });
  errors.push(...found.schema, ...found.rules);
  if (errors.length === 0 && unreadable !== undefined) errors.push(invalid(path, "", unreadable));
  if (context) errors.push(...totalErrors(context, path));
  return errors;
}

function totalErrors({ total }: RuleContext, path: string): FieldError[] {
  if (total.total <= SCHEMA_ESTIMATE_MAX) return [];
  const detail = "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
  const name = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
  return [
    ...total.mostExpensive.map((rule) => forbidden(rule.path, detail)),
    forbidden(path, overBudget(name, total.total, SCHEMA_ESTIMATE_MAX)),
  ];
}

/** With a status of its own, what is said of the whole must not be lost for the status. */
const ALLOWED_WITH_STATUS: readonly (readonly [keyof JsonSchema, string])[] = [
  ["description", "Description"],
  ["type", "Type"],
  ["format", "Format"],
  ["title", "Title"],
  ["maximum", "Maximum"],
  ["exclusiveMaximum", "ExclusiveMaximum"],
  ["minimum", "Minimum"],
  ["exclusiveMinimum", "ExclusiveMinimum"],
  ["maxLength", "MaxLength"],
  ["minLength", "MinLength"],
  ["pattern", "Pattern"],
  ["maxItems", "MaxItems"],
  ["minItems", "MinItems"],
  ["uniqueItems", "UniqueItems"],
  ["multipleOf", "MultipleOf"],
  ["required", "Required"],
  ["items", "Items"],
  ["properties", "Properties"],
  ["externalDocs", "ExternalDocs"],
  ["example", "Example"],
  ["x-kubernetes-preserve-unknown-fields", "XPreserveUnknownFields"],
  ["x-kubernetes-validations", "XValidations"],
];

function statusErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if ((schema.type ?? "object") !== "object")
    return [
      invalid(
        `${path}.type`,
        schema.type,
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    ];
  const allowed = new Set<string>(ALLOWED_WITH_STATUS.map(([field]) => field));
  if (Object.keys(schema).some((field) => !allowed.has(field))) {
    const names = ALLOWED_WITH_STATUS.map(([, name]) => name).join(" ");
    const detail = `only [${names}] fields are allowed at the root of the schema if the status subresource is enabled`;
    errors.push(invalid(path, shownSchema(schema), detail));
  }
  return errors;
}

const UNREADABLE: readonly (keyof JsonSchema)[] = [
  "id",
  "$schema",
  "$ref",
  "patternProperties",
  "dependencies",
  "additionalItems",
  "definitions",
];

/** What can't be read as a shape at all. */
function structuralProblem(schema: JsonSchema): string | undefined {
  const found = UNREADABLE.find((field) => schema[field] !== undefined && schema[field] !== "");
  if (found !== undefined) return `OpenAPIV3Schema '${found === "$schema" ? "schema" : found}' is not supported`;
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  const { items, not, additionalProperties } = schema;
  const inner = [
    ...(items ? [items as JsonSchema] : []),
    ...Object.values(schema.properties ?? {}),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
    ...(not ? [not] : []),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
  ];
  for (const part of inner) {
    const problem = structuralProblem(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
