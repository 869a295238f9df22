import { isGoMap, mapHas, mapSet } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";

/** A Go `map[string]any`: what YAML and JSON mappings become. Keys are own properties only. */
export type Table = GoMap;

export const isTable = isGoMap;
export const has = mapHas;
export const put = mapSet;

/** The table at a dotted path, or the key where the walk ended. */
export function tableAt(table: Table, path: string): { readonly found: Table } | { readonly missing: string } {
  let current = table;
  for (const key of path.split(".")) {
    const next = has(current, key) ? current[key] : undefined;
    if (!isTable(next)) return { missing: key };
    current = next;
  }
  return { found: current };
}

/** A copy that shares no table and no list with the original. */
export function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepCopy);
  return isTable(value) ? copyTable(value) : value;
}

export function copyTable(table: Table): Table {
  const copy: Table = {};
  for (const key of Object.keys(table)) put(copy, key, deepCopy(table[key]));
  return copy;
}

/** A copy whose nested tables are shared with the original. */
export function shallowCopy(table: Table): Table {
  const copy: Table = {};
  for (const key of Object.keys(table)) put(copy, key, table[key]);
  return copy;
}
