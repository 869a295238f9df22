import { mapType, sprintf, withType } from "@fairway/gotemplate";
import { logLine } from "../log-line.ts";
import type { Warn } from "../log-line.ts";
import { coalesceTables, coalesceValues } from "../values/coalesce.ts";
import { copyTable, isTable, put, tableAt } from "../values/table.ts";
import type { Table } from "../values/table.ts";
import type { ChartNode, DependencyNode } from "./chart-node.ts";

/** Copies what `import-values` names from the values of subcharts into those of their parents, from the leaves upwards. */
export function processImportValues(chart: ChartNode, warn: Warn): void {
  for (const dependency of chart.dependencies) processImportValues(dependency, warn);
  if (chart.metadata.dependencies === null) return;
  const values = coalesceValues(chart, {}, "merge", warn);
  const imported: Table = {};
  for (const dependency of chart.metadata.dependencies) importFrom(dependency, values, imported, warn);
  // The parent's own values win over what it imports; the copy keeps the two from sharing tables.
  chart.values = coalesceTables(copyTable(values), imported, "", { mode: "merge", warn });
}

interface Import {
  readonly child: string;
  readonly parent: string;
  /** Given by the name of an export. */
  readonly named: boolean;
}

function importFrom(dependency: DependencyNode, values: Table, imported: Table, warn: Warn): void {
  const imports = dependency.importValues.flatMap(readImport);
  for (const { child, parent, named } of imports) {
    const table = tableAt(values, `${dependency.name}.${child}`);
    if ("missing" in table) {
      const error = sprintf("%q is not a table", table.missing);
      warn(
        named
          ? logLine("WARN", "ImportValues missing table", { error })
          : logLine("WARN", "ImportValues missing table from chart", { chart: dependency.name, error }),
      );
      continue;
    }
    coalesceTables(imported, nested(parent, table.found), "", { mode: "merge", warn });
  }
  const type = mapType("string");
  dependency.importValues = imports.map(({ child, parent }) => withType(type, { child, parent }));
}

/** `{ child, parent }`, or a text that names a table under the child's `exports`. */
function readImport(entry: unknown): Import[] {
  if (typeof entry === "string") return [{ child: `exports.${entry}`, parent: ".", named: true }];
  if (!isTable(entry)) return [];
  const [child, parent] = [entry["child"] ?? null, entry["parent"] ?? null];
  return [{ child: sprintf("%v", child), parent: sprintf("%v", parent), named: false }];
}

function nested(path: string, table: Table): Table {
  if (path === ".") return table;
  let current = table;
  for (const key of path.split(".").toReversed()) {
    const outer: Table = {};
    put(outer, key, current);
    current = outer;
  }
  return current;
}
