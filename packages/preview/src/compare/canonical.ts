import { isObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { byCodeUnit } from "../snapshot.ts";
import { unorderedLists } from "./data/list-keys.ts";

/** Maps that mean the same when they are empty as when they are absent. */
const emptyMeansAbsent: ReadonlySet<string> = new Set(["annotations", "labels"]);

/** The same meaning in the same form: nulls and empty labels left out, lists without an order sorted by their keys. */
export function canonical(value: JsonObject): JsonObject {
  return canonicalObject(value);
}

function canonicalObject(value: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    const each = value[key];
    if (each === undefined || each === null || (emptyMeansAbsent.has(key) && isEmptyMap(each))) continue;
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
    .toSorted((a, b) => byCodeUnit(a.key, b.key) || byCodeUnit(asText(a.item), asText(b.item)))
    .map(({ item }) => item);
}

function isEmptyMap(value: JsonValue): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** `$(NAME)` sees only the variables before it, so there the order means something. */
function refersToEarlier(items: readonly JsonValue[]): boolean {
  return items.some((item) => isObject(item) && typeof item["value"] === "string" && item["value"].includes("$("));
}

function sortKey(item: JsonValue, keys: readonly string[]): string {
  const hasKey = isObject(item) && keys.some((key) => key in item);
  return asText(hasKey ? keys.map((key) => item[key] ?? "") : item);
}

function asText(value: JsonValue): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each));
}
