import { cloneJson, setOwn } from "../../object/json-value.ts";
import { hasAdditional, isObject, itemsOf, propertyOf, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";

/** Takes out, in place, each null that may not be one and that no default replaces. */
export function pruneNulls(value: unknown, schema: JsonSchema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) pruneNulls(item, schema && itemsOf(schema));
    return;
  }
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    const inner = schema && (propertyOf(schema, key) ?? valuesOf(schema));
    if (isBareNull(value[key], inner) && inner?.default === undefined) delete value[key];
    else pruneNulls(value[key], inner);
  }
}

function isBareNull(value: unknown, schema: JsonSchema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

/** Fills in, in place, what was left out. */
export function fillDefaults(value: unknown, schema: JsonSchema | undefined): void {
  if (schema === undefined || !mayHaveDefaults(schema)) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [index, item] of value.entries()) {
      if (isBareNull(item, items) && items?.default !== undefined) value[index] = cloneJson(items.default);
      fillDefaults(value[index], items);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || property.default === null) continue;
    if (!Object.hasOwn(value, name) || isBareNull(value[name], property))
      setOwn(value, name, cloneJson(property.default));
  }
  for (const key of Object.keys(value)) {
    const property = propertyOf(schema, key);
    if (property) fillDefaults(value[key], property);
    else if (hasAdditional(schema)) fillDefaults(value[key], valuesOf(schema));
  }
}

const known = new WeakMap<JsonSchema, boolean>();

/** Whether there is any default in the schema. Most objects have large parts without. */
function mayHaveDefaults(schema: JsonSchema): boolean {
  const said = known.get(schema);
  if (said !== undefined) return said;
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  const inner = [...Object.values(schema.properties ?? {}), ...(items ? [items] : []), ...(values ? [values] : [])];
  const found = inner.some((part) => part.default !== undefined || mayHaveDefaults(part));
  known.set(schema, found);
  return found;
}
