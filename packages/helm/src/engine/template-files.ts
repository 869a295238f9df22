import { compareStrings } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import type { ChartFile } from "../chart/chart-file.ts";
import { fullPath } from "../dependencies/chart-node.ts";
import type { ChartNode } from "../dependencies/chart-node.ts";
import { basePath, joinPath } from "../text/go-path.ts";
import { has, isTable, put, tableAt } from "../values/table.ts";
import { filesValue } from "./files-value.ts";
import { metadataValue } from "./metadata-value.ts";
import { valuesValue, valuesView } from "./values-value.ts";

/** A template with the data that it is run with. All templates of one chart share their data. */
export interface TemplateFile {
  readonly name: string;
  readonly file: ChartFile;
  readonly data: GoMap;
  readonly basePath: string;
}

/**
 * All templates of a chart and its subcharts, in the order in which Helm parses and runs them: the deepest first, so that
 * definitions of the parent replace those of its subcharts.
 */
export function collectTemplates(root: ChartNode, top: GoMap): TemplateFile[] {
  const files = new Map<string, TemplateFile>();
  collect(root, top, files);
  return [...files.values()].sort((left, right) => compareNames(right.name, left.name));
}

function collect(chart: ChartNode, outer: GoMap, files: Map<string, TemplateFile>): GoMap {
  const subcharts: GoMap = {};
  const isRoot = chart.parent === undefined;
  const data = valuesValue({
    Chart: metadataValue(chart.metadata, isRoot),
    Files: filesValue(chart.files),
    Release: outer["Release"],
    Capabilities: outer["Capabilities"],
    Values: isRoot ? outer["Values"] : valuesOf(chart, outer),
    Subcharts: subcharts,
  });
  for (const dependency of chart.dependencies) {
    put(subcharts, dependency.metadata.name, collect(dependency, data, files));
  }
  const path = fullPath(chart);
  const isLibrary = chart.metadata.type.toLowerCase() === "library";
  for (const file of chart.templates) {
    // A library has only partials.
    if (isLibrary && !basePath(file.name).startsWith("_")) continue;
    const name = joinPath(path, file.name);
    files.set(name, { name, file, data, basePath: joinPath(path, "templates") });
  }
  return data;
}

/** The part of the parent's values that is under the subchart's name. */
function valuesOf(chart: ChartNode, outer: GoMap): GoMap {
  const parentValues = has(outer, "Values") ? outer["Values"] : undefined;
  const table = isTable(parentValues) ? tableAt(parentValues, chart.metadata.name) : undefined;
  return table !== undefined && "found" in table ? valuesView(table.found) : valuesValue({});
}

function compareNames(left: string, right: string): number {
  return countSlashes(left) - countSlashes(right) || compareStrings(left, right);
}

function countSlashes(name: string): number {
  return name.split("/").length - 1;
}
