import { isObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { byCodeUnit } from "../snapshot.ts";
import { unorderedLists } from "./data/list-keys.ts";

/** The same meaning in the same form: empty maps and nulls left out, lists without an order sorted by their keys. */
export function canonical(value: JsonObject): JsonObject {
  return canonicalObject(value);
}

function canonicalObject(value: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    const each = value[key];
    if (each === undefined || each === null) continue;
    result[key] = Array.isArray(each) ? canonicalList(each, key) : isObject(each) ? canonicalObject(each) : each;
  }
  return result;
}

function canonicalList(list: readonly JsonValue[], field: string): readonly JsonValue[] {
  const items = list.map((each) =>
    isObject(each) ? canonicalObject(each) : Array.isArray(each) ? canonicalList(each, "") : each,
  );
  const keys = Object.hasOwn(unorderedLists, field) ? unorderedLists[field] : undefined;
  if (!keys || (field === "env" && refersToEarlier(items))) return items;
  return items
    .map((item) => ({ item, key: sortKey(item, keys) }))
    .toSorted((a, b) => byCodeUnit(a.key, b.key))
    .map(({ item }) => item);
}

/** `$(NAME)` sees only the variables before it, so there the order means something. */
function refersToEarlier(items: readonly JsonValue[]): boolean {
  return items.some((item) => isObject(item) && typeof item["value"] === "string" && item["value"].includes("$("));
}

function sortKey(item: JsonValue, keys: readonly string[]): string {
  if (isObject(item) && keys.some((key) => key in item))
    return JSON.stringify(
      keys.map((key) => item[key] ?? ""),
      bigintAsText,
    );
  return JSON.stringify(item, bigintAsText);
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
