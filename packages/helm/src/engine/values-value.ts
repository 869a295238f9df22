import { defineFunction, withType } from "@fairway/gotemplate";
import type { GoMap, GoType } from "@fairway/gotemplate";
import { encode } from "@fairway/yaml";
import { has, isTable, shallowCopy, tableAt } from "../values/table.ts";

/** `.Values` and the root of all data: a map with a name and methods, which few templates use. */
const valuesType: GoType = {
  name: "common.Values",
  kind: "map",
  underlying: "map[string]interface {}",
  methods: {
    AsMap: (receiver) => defineFunction([], "map[string]any", () => shallowCopy(mapOf(receiver))),
    PathValue: (receiver) => defineFunction(["string"], "any", (path) => pathValue(mapOf(receiver), path)),
    Table: (receiver) => defineFunction(["string"], "common.Values", (path) => table(mapOf(receiver), path)),
    YAML: (receiver) => defineFunction([], "string", () => encode(mapOf(receiver))),
  },
};

/** Makes the map a `common.Values`. */
export function valuesValue(values: GoMap): GoMap {
  return withType(valuesType, values);
}

/** The same for a table that is also seen as a plain map from elsewhere. */
export function valuesView(values: GoMap): GoMap {
  return valuesValue(shallowCopy(values));
}

function mapOf(receiver: unknown): GoMap {
  return isTable(receiver) ? receiver : {};
}

function table(values: GoMap, path: string): GoMap {
  const result = tableAt(values, path);
  if ("missing" in result) throw new Error(`${JSON.stringify(result.missing)} is not a table`);
  return valuesView(result.found);
}

function pathValue(values: GoMap, path: string): unknown {
  if (path === "") throw new Error("YAML path cannot be empty");
  const dot = path.lastIndexOf(".");
  const key = path.slice(dot + 1);
  const owner = dot === -1 ? { found: values } : tableAt(values, path.slice(0, dot));
  const value = "found" in owner && has(owner.found, key) ? owner.found[key] : undefined;
  if (value === undefined || isTable(value)) throw new Error(`${JSON.stringify(key)} is not a value`);
  return value;
}
