import { isCompatible } from "../functions/semver.ts";
import { coalesceValues } from "../values/coalesce.ts";
import { logLine } from "../log-line.ts";
import type { Warn } from "../log-line.ts";
import { has, isTable, tableAt } from "../values/table.ts";
import type { Table } from "../values/table.ts";
import { copyMetadata, setDependencies } from "./chart-node.ts";
import type { ChartNode, DependencyNode } from "./chart-node.ts";

/**
 * Decides which subcharts take part: applies versions and aliases, then tags, then conditions, from the root downwards.
 * `path` leads from the root's values to those of this chart and ends in a dot when it is not empty.
 */
export function processEnabled(chart: ChartNode, values: Table, path: string, warn: Warn): void {
  const requirements = chart.metadata.dependencies;
  if (requirements === null) return;
  setDependencies(chart, selectCharts(chart, requirements));
  for (const requirement of requirements) requirement.enabled = true;
  const coalesced = coalesceValues(chart, values, "coalesce", warn);
  applyTags(requirements, coalesced, warn);
  applyConditions(requirements, coalesced, path, warn);
  const removed = new Set(requirements.filter((entry) => !entry.enabled).map((entry) => entry.name));
  const remaining = chart.dependencies.filter((dependency) => !removed.has(dependency.metadata.name));
  for (const dependency of remaining) {
    processEnabled(dependency, coalesced, `${path}${dependency.metadata.name}.`, warn);
  }
  const declared = requirements.filter((entry) => !removed.has(entry.name));
  // Go's append of nothing to nil is nil: a chart that lost all its dependencies looks as if it had declared none.
  chart.metadata.dependencies = declared.length === 0 ? null : declared;
  setDependencies(chart, remaining);
}

/** Charts that nobody declared stay; each declared dependency takes the first chart of its name and version. */
function selectCharts(chart: ChartNode, requirements: readonly DependencyNode[]): ChartNode[] {
  const present = chart.dependencies;
  const selected = present.filter(
    (candidate) =>
      !requirements.some(
        (entry) => entry.name === candidate.metadata.name && isCompatible(entry.version, candidate.metadata.version),
      ),
  );
  for (const requirement of requirements) {
    const found = aliased(present, requirement);
    if (found !== undefined) selected.push(found);
    if (requirement.alias !== "") requirement.name = requirement.alias;
  }
  return selected;
}

/** A copy, because one chart can take part several times under different aliases. */
function aliased(charts: readonly ChartNode[], requirement: DependencyNode): ChartNode | undefined {
  const original = charts.find(
    (chart) => chart.metadata.name === requirement.name && isCompatible(requirement.version, chart.metadata.version),
  );
  if (original === undefined) return undefined;
  const copy: ChartNode = { ...original, metadata: copyMetadata(original.metadata), dependencies: [] };
  setDependencies(
    copy,
    original.dependencies.map((dependency) => ({ ...dependency })),
  );
  if (requirement.alias !== "") copy.metadata.name = requirement.alias;
  return copy;
}

function applyTags(requirements: readonly DependencyNode[], values: Table, warn: Warn): void {
  const tags = has(values, "tags") ? values["tags"] : undefined;
  if (!isTable(tags)) return;
  for (const requirement of requirements) {
    let wanted = false;
    let unwanted = false;
    for (const tag of requirement.tags) {
      if (!has(tags, tag)) continue;
      const setting = tags[tag];
      if (typeof setting !== "boolean") {
        warn(logLine("WARN", "returned non-bool value", { tag, chart: requirement.name }));
      } else if (setting) {
        wanted = true;
      } else {
        unwanted = true;
      }
    }
    requirement.enabled = wanted || !unwanted;
  }
}

/** The first path of a condition that leads to a boolean decides. */
function applyConditions(requirements: readonly DependencyNode[], values: Table, path: string, warn: Warn): void {
  for (const requirement of requirements) {
    for (const condition of requirement.condition.trim().split(",")) {
      if (condition === "") continue;
      const value = scalarAt(values, `${path}${condition}`);
      if (typeof value === "boolean") {
        requirement.enabled = value;
        break;
      }
      if (value !== undefined)
        warn(logLine("WARN", "returned non-bool value", { path: condition, chart: requirement.name }));
    }
  }
}

/** The value at a dotted path if there is one and it is no table. */
function scalarAt(values: Table, path: string): unknown {
  const dot = path.lastIndexOf(".");
  const owner = dot === -1 ? { found: values } : tableAt(values, path.slice(0, dot));
  if (!("found" in owner)) return undefined;
  const key = path.slice(dot + 1);
  const value = has(owner.found, key) ? owner.found[key] : undefined;
  return isTable(value) ? undefined : value;
}
