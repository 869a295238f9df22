import { invalid } from "../../kinds/validation/errors.ts";
import { cloneJson, equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import { isEmbedded, itemsOf, TYPE_AND_METADATA } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import { runRules } from "../rules/run-rules.ts";
import { ruleTreeOf } from "../rules/rule-tree.ts";
import { validateEmbedded } from "../values/embedded.ts";
import { prunePart } from "../values/prune.ts";
import { validateValue } from "../values/validate-value.ts";

/** What is wrong with the defaults of a schema, by the schema itself. */
export function validateDefaults(schema: JsonSchema, path: string, isInMetadata = false): FieldError[] {
  const own = schema.default === undefined || schema.default === null ? [] : defaultErrors(schema, path, isInMetadata);
  const items = itemsOf(schema);
  const inner = items ? validateDefaults(items, `${path}.items`, isInMetadata) : [];
  const isWhole = isEmbedded(schema);
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const isInside = isWhole ? TYPE_AND_METADATA.has(name) : isInMetadata;
    return validateDefaults(property, `${path}.properties[${name}]`, isInside);
  });
  return [...own, ...inner, ...properties];
}

function defaultErrors(schema: JsonSchema, path: string, isInMetadata: boolean): FieldError[] {
  const at = `${path}.default`;
  const value = schema.default;
  const errors: FieldError[] = [];
  if (!isInMetadata) {
    const pruned: unknown = cloneJson(value);
    prunePart(pruned, schema);
    if (!equalJson(pruned, value)) errors.push(invalid(at, value, "must not have unknown fields"));
  }
  const embedded = validateEmbedded(value, schema, at);
  if (embedded.length > 0) return [...errors, ...embedded];
  const wrong = validateValue(value, schema, { base: at, keepsFormats: true });
  if (wrong.length > 0) return [...errors, ...wrong];
  const rules = ruleTreeOf(schema, isEmbedded(schema));
  if (rules === undefined) return errors;
  const asUpdate = runRules(rules, { value, before: value, path: at }).errors;
  if (asUpdate.length > 0) return [...errors, ...asUpdate];
  return [...errors, ...runRules(rules, { value, before: undefined, path: at }).errors];
}
