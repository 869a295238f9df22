import { has, isTable, put, shallowCopy } from "./table.ts";
import type { Table } from "./table.ts";

/** Later wins, tables are merged, a null of the later one is kept: how values files are laid over each other. */
export function mergeMaps(earlier: Table, later: Table): Table {
  const merged = shallowCopy(earlier);
  for (const key of Object.keys(later)) {
    const value = later[key];
    const present = has(merged, key) ? merged[key] : undefined;
    put(merged, key, isTable(value) && isTable(present) ? mergeMaps(present, value) : value);
  }
  return merged;
}
