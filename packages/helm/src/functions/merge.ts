// Merging maps as dario.cat/mergo does it for `merge` and `mergeOverwrite`.
import { GoNil, GoStruct, declaredType, isGoMap, kindOf, mapGet, mapHas, mapKeys, mapSet } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { isEmpty } from "./empty.ts";
import { functionLimits } from "./limits.ts";

/** Merges into `target`: maps within maps key by key; other values only where nothing is, or with `overwrite` always. */
export function mergeInto(target: GoMap, source: GoMap, overwrite: boolean, depth = 0): void {
  if (depth > functionLimits.nestingMax) throw new Error("merge: the maps are nested too deeply");
  for (const key of mapKeys(source)) {
    const value = mapGet(source, key);
    if (value === null || value === undefined) {
      if (overwrite) mapSet(target, key, value);
      continue;
    }
    const present = mapGet(target, key);
    const hadKey = mapHas(target, key);
    if (isGoMap(value) && isGoMap(present)) mergeInto(present, value, overwrite, depth + 1);
    if (hadKey && !isUnset(present)) {
      if (!overwrite && kindOf(value) === "slice") continue;
      if (isMap(value) && isMap(present)) continue;
    }
    if (overwrite || !hadKey || isUnset(present)) mapSet(target, key, value);
  }
}

function isMap(value: unknown): boolean {
  return isGoMap(value) || (value instanceof GoNil && declaredType(value)?.kind === "map");
}

function isUnset(value: unknown): boolean {
  return !(value instanceof GoStruct) && isEmpty(value);
}
