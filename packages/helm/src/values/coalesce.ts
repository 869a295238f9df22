import { compareStrings, sprintf } from "@fairway/gotemplate";
import { HelmError } from "../errors.ts";
import { logLine } from "../log-line.ts";
import type { Warn } from "../log-line.ts";
import { copyTable, has, isTable, put, shallowCopy } from "./table.ts";
import type { Table } from "./table.ts";

/** What coalescing needs to know of a chart. */
export interface ChartValues {
  readonly metadata: { readonly name: string };
  readonly values: Table | undefined;
  readonly dependencies: readonly ChartValues[];
}

/** How nulls are treated: `coalesce` lets a null of the user remove a default, `merge` keeps nulls as values. */
export type NullMode = "coalesce" | "merge";

interface Coalescing {
  readonly mode: NullMode;
  readonly warn: Warn;
}

/** Lays the given values over the defaults of a chart and all its subcharts. Both inputs stay as they are. */
export function coalesceValues(chart: ChartValues, values: Table, mode: NullMode, warn: Warn): Table {
  return coalesceChart(chart, copyTable(values), "", { mode, warn });
}

function coalesceChart(chart: ChartValues, target: Table, prefix: string, how: Coalescing): Table {
  overDefaults(chart, target, prefix, how);
  for (const subchart of chart.dependencies) {
    const name = subchart.metadata.name;
    if (!has(target, name)) put(target, name, {});
    const inner = target[name];
    if (!isTable(inner)) {
      throw new HelmError("values-invalid", sprintf("type mismatch on %s: %t", name, inner));
    }
    const subPrefix = dotted(prefix, chart.metadata.name);
    passGlobals(inner, target, subPrefix, how);
    put(target, name, coalesceChart(subchart, inner, subPrefix, how));
  }
  return target;
}

/** Fills in the chart's own defaults where the target has nothing. */
function overDefaults(chart: ChartValues, target: Table, prefix: string, how: Coalescing): void {
  const defaults = copyTable(chart.values ?? {});
  const subPrefix = dotted(prefix, chart.metadata.name);
  for (const key of sortedKeys(defaults)) {
    const fallback = defaults[key];
    if (!has(target, key)) {
      put(target, key, fallback);
      continue;
    }
    const present = target[key];
    if (present === null && how.mode === "coalesce") {
      delete target[key];
    } else if (isTable(present)) {
      if (isTable(fallback)) {
        const subchart = chart.dependencies.some((dependency) => dependency.metadata.name === key);
        coalesceTables(present, fallback, dotted(subPrefix, key), subchart ? { ...how, mode: "merge" } : how);
      } else if (fallback !== null) {
        how.warn(logLine("INFO", `warning: skipped value for ${subPrefix}.${key}: Not a table.`));
      }
    }
  }
}

/** Lays the parent's globals over those of a subchart. */
function passGlobals(target: Table, source: Table, prefix: string, how: Coalescing): void {
  const own = has(target, "global") ? target["global"] : {};
  if (!isTable(own)) {
    how.warn(logLine("INFO", "warning: skipping globals because destination global is not a table."));
    return;
  }
  const parents = has(source, "global") ? source["global"] : {};
  if (!isTable(parents)) {
    how.warn(logLine("INFO", "warning: skipping globals because source global is not a table."));
    return;
  }
  for (const key of sortedKeys(parents)) passGlobal(own, key, parents[key], { ...how, prefix });
  put(target, "global", own);
}

function passGlobal(own: Table, key: string, value: unknown, how: Coalescing & { readonly prefix: string }): void {
  const present = has(own, key) ? own[key] : undefined;
  if (!isTable(value)) {
    if (isTable(present)) how.warn(logLine("INFO", `key ${key} is table. Skipping`));
    else put(own, key, value);
    return;
  }
  const copy = shallowCopy(value);
  if (present === undefined) {
    put(own, key, copy);
  } else if (isTable(present)) {
    coalesceTables(copy, present, dotted(how.prefix, key), { ...how, mode: "merge" });
    put(own, key, copy);
  } else {
    how.warn(logLine("INFO", sprintf("Conflict: cannot merge map onto non-map for %q. Skipping.", key)));
  }
}

/** Fills gaps of `target` from `source`; `target` wins. Changes both tables, as Helm does. */
export function coalesceTables(target: Table, source: Table, prefix: string, how: Coalescing): Table {
  const given = new Set(Object.keys(source).filter((key) => source[key] !== null));
  for (const key of Object.keys(target)) {
    if (target[key] === null) put(source, key, null);
  }
  for (const key of sortedKeys(source)) {
    const value = source[key];
    const fullKey = dotted(prefix, key);
    const present = has(target, key) ? target[key] : undefined;
    if (present === null && how.mode === "coalesce" && given.has(key)) {
      delete target[key];
    } else if (present === undefined) {
      put(target, key, value);
    } else if (isTable(value)) {
      if (isTable(present)) coalesceTables(present, value, fullKey, how);
      else
        how.warn(
          logLine("INFO", sprintf("warning: cannot overwrite table with non table for %s (%v)", fullKey, value)),
        );
    } else if (isTable(present) && value !== null) {
      how.warn(
        logLine(
          "INFO",
          sprintf("warning: destination for %s is a table. Ignoring non-table value (%v)", fullKey, value),
        ),
      );
    }
  }
  return target;
}

function dotted(prefix: string, key: string): string {
  return prefix === "" ? key : `${prefix}.${key}`;
}

function sortedKeys(table: Table): string[] {
  return Object.keys(table).sort(compareStrings);
}
