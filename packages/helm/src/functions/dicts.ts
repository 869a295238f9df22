import {
  type GoFunction,
  GoNil,
  defineFunction,
  isGoMap,
  mapGet,
  mapHas,
  mapKeys,
  mapSet,
  typeName,
} from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { deepCopy } from "./deep-copy.ts";
import { mergeInto } from "./merge.ts";
import { stringList, textOf } from "./string-value.ts";

const map = "map[string]any";

function merge(overwrite: boolean): GoFunction {
  return defineFunction([map, `...${map}`], "any", (target, ...sources) => {
    for (const source of sources) mergeInto(target, source as GoMap, overwrite);
    return target;
  });
}

const copy = defineFunction(["any"], "any", (value) => {
  if (value === null) throw new Error("reflect: call of reflect.Value.Type on zero Value");
  return deepCopy(value);
});

export const dictFunctions: Readonly<Record<string, GoFunction>> = {
  dict: defineFunction(["...any"], map, dict),
  get: defineFunction([map, "string"], "any", (from, key) => (mapHas(from, key) ? mapGet(from, key) : "")),
  set: defineFunction([map, "string", "any"], map, (into, key, value) => {
    mapSet(into, key, value);
    return into;
  }),
  unset: defineFunction([map, "string"], map, (from, key) => {
    delete from[key];
    return from;
  }),
  hasKey: defineFunction([map, "string"], "bool", mapHas),
  pluck: defineFunction(["string", `...${map}`], "[]any", (key, ...maps) =>
    maps.filter((each) => mapHas(each as GoMap, key)).map((each) => mapGet(each as GoMap, key)),
  ),
  // Go's order is random; sorted is one of the orders it may have.
  keys: defineFunction([`...${map}`], "[]string", (...maps) =>
    stringList(maps.flatMap((each) => mapKeys(each as GoMap))),
  ),
  values: defineFunction([map], "[]any", (from) => mapKeys(from).map((key) => from[key])),
  pick: defineFunction([map, "...string"], map, (from, ...keys) =>
    selected(
      from,
      keys.filter((key) => mapHas(from, key)),
    ),
  ),
  omit: defineFunction([map, "...string"], map, (from, ...keys) => {
    const unwanted = new Set(keys);
    return selected(
      from,
      mapKeys(from).filter((key) => !unwanted.has(key)),
    );
  }),
  dig: defineFunction(["...any"], "any", dig),
  merge: merge(false),
  mustMerge: merge(false),
  mergeOverwrite: merge(true),
  mustMergeOverwrite: merge(true),
  deepCopy: copy,
  mustDeepCopy: copy,
};

function dict(...items: readonly unknown[]): GoMap {
  const result: GoMap = {};
  for (let at = 0; at < items.length; at += 2) {
    mapSet(result, textOf(items[at]), at + 1 < items.length ? items[at + 1] : "");
  }
  return result;
}

function selected(from: GoMap, keys: readonly string[]): GoMap {
  const result: GoMap = {};
  for (const key of keys) mapSet(result, key, mapGet(from, key));
  return result;
}

/** dig "a" "b" default map: the value at a.b, or the default where the way ends. */
function dig(...items: readonly unknown[]): unknown {
  if (items.length < 3) throw new Error("dig needs at least three arguments");
  let current = requireMap(items.at(-1));
  const keys = items.slice(0, -2).map(requireText);
  for (const [index, key] of keys.entries()) {
    if (!mapHas(current, key)) return items.at(-2);
    const value = mapGet(current, key);
    if (index === keys.length - 1) return value;
    current = requireMap(value);
  }
  return undefined;
}

function requireMap(value: unknown): GoMap {
  const name = typeName(value);
  if (name === "map[string]interface {}") return isGoMap(value) ? value : {};
  throw conversion(value, "map[string]interface {}");
}

function requireText(value: unknown): string {
  if (typeof value === "string") return value;
  throw conversion(value, "string");
}

function conversion(value: unknown, wanted: string): Error {
  const found = value === null || value === undefined ? "nil" : typeName(value);
  return new Error(`interface conversion: interface {} is ${found}, not ${wanted}`);
}

/** A nil map, where Go gives one that prints like an empty map. */
export function nilMap(): GoNil {
  return new GoNil({ name: "map[string]interface {}", kind: "map", elem: "interface {}" });
}
