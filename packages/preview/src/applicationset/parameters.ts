import { formatValue } from "@fairway/gotemplate";
import type { JsonObject, JsonValue } from "../json-value.ts";
import { isObject } from "../json-value.ts";

/** One set of values that a generator gives and a template takes. Without goTemplate all values are strings by dotted names. */
export type Parameters = JsonObject;

/** `{a: {b: 1}, c: [2]}` becomes `a.b` and `c.0`: how parameters are named without goTemplate, and by selectors. Empty maps and lists leave no name. */
export function flatten(value: JsonObject): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  const visit = (each: JsonValue, name: string): void => {
    const entries = Array.isArray(each)
      ? each.map((item, index) => [String(index), item] as const)
      : isObject(each)
        ? Object.entries(each)
        : undefined;
    if (!entries) {
      flat[name] = formatValue(each);
      return;
    }
    for (const [key, child] of entries) visit(child, name === "" ? key : `${name}.${key}`);
  };
  visit(value, "");
  return flat;
}

/** The right side wins; maps are merged all the way down, other values are replaced. */
export function mergeDeep(below: JsonObject, above: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const known = merged[key];
    if (isObject(value) && isObject(known)) merged[key] = mergeDeep(known, value);
    // An empty value does not override: so merges mergo, which Argo CD uses.
    else if (!(key in merged) || !isEmpty(value)) merged[key] = value;
  }
  return merged;
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === "" || value === false || value === 0) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** A name that a Kubernetes object may have: lower case, letters, digits, `-` and `.`, 253 characters at most. */
export function normalizedName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, "-")
    .slice(0, 253)
    .replaceAll(/^[.-]+|[.-]+$/g, "");
}
