import { compareStrings } from "@fairway/gotemplate";
import { has } from "../values/table.ts";
import type { Table } from "../values/table.ts";
import type { Check } from "./check.ts";
import { englishCount } from "./english-number.ts";
import { quoted } from "./json-value.ts";

export function checkObject(check: Check, value: Table): void {
  const { schema } = check;
  const keys = Object.keys(value).sort(compareStrings);
  const { minProperties, maxProperties } = schema;
  if (minProperties !== undefined && keys.length < minProperties) {
    check.fail(`minProperties: got ${englishCount(keys.length)}, want ${englishCount(minProperties)}`);
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    check.fail(`maxProperties: got ${englishCount(keys.length)}, want ${englishCount(maxProperties)}`);
  }
  const missing = (schema.required ?? []).filter((name) => !has(value, name));
  if (missing.length === 1) check.fail(`missing property ${allQuoted(missing)}`);
  if (missing.length > 1) check.fail(`missing properties ${allQuoted(missing)}`);
  checkDependencies(check, value);
  checkProperties(check, value, keys);
  checkNames(check, keys);
  checkDependents(check, value);
}

function allQuoted(names: readonly string[]): string {
  return names.map(quoted).join(", ");
}

function checkDependencies(check: Check, value: Table): void {
  for (const [name, dependency] of check.schema.dependencies ?? []) {
    if (!has(value, name)) continue;
    if ("length" in dependency) checkRequired(check, value, name, dependency);
    else check.add(check.self(dependency));
  }
}

function checkRequired(check: Check, value: Table, name: string, required: readonly string[]): void {
  const missing = required.filter((other) => !has(value, other));
  if (missing.length > 0) check.fail(`properties ${allQuoted(missing)} required, if ${quoted(name)} exists`);
}

function checkProperties(check: Check, value: Table, keys: readonly string[]): void {
  const { properties, patternProperties = [], additionalProperties } = check.schema;
  const refused: string[] = [];
  for (const key of keys) {
    let evaluated = false;
    const property = properties?.get(key);
    if (property !== undefined) {
      evaluated = true;
      check.add(check.inner(property, value[key], key));
    }
    for (const [pattern, schema] of patternProperties) {
      if (!pattern.test(key)) continue;
      evaluated = true;
      check.add(check.inner(schema, value[key], key));
    }
    if (!evaluated && additionalProperties !== undefined) {
      evaluated = true;
      if (additionalProperties === false) refused.push(key);
      else if (additionalProperties !== true) check.add(check.inner(additionalProperties, value[key], key));
    }
    if (evaluated) check.unevaluated.properties.delete(key);
  }
  if (refused.length > 0) check.fail(`additional properties ${allQuoted(refused)} not allowed`);
}

function checkNames(check: Check, keys: readonly string[]): void {
  const { propertyNames } = check.schema;
  if (propertyNames === undefined) return;
  for (const key of keys) {
    const failure = check.apart(propertyNames, key);
    if (failure === undefined) continue;
    const causes = failure.kind === "group" ? failure.causes : [failure];
    check.add({ kind: "leaf", path: [], text: `invalid propertyName ${quoted(key)}`, causes });
  }
}

function checkDependents(check: Check, value: Table): void {
  for (const [name, schema] of check.schema.dependentSchemas ?? []) {
    if (has(value, name)) check.add(check.self(schema));
  }
  for (const [name, required] of check.schema.dependentRequired ?? []) {
    if (has(value, name)) checkRequired(check, value, name, required);
  }
}
