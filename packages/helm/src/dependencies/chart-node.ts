import type { Chart } from "../chart/chart.ts";
import type { ChartFile } from "../chart/chart-file.ts";
import type { Dependency, Metadata } from "../chart/metadata.ts";
import { has } from "../values/table.ts";
import type { Table } from "../values/table.ts";

/** An entry of `dependencies` as processing changes it: renamed by its alias, enabled or not, imports resolved. */
export interface DependencyNode extends Dependency {
  name: string;
  enabled: boolean;
  importValues: readonly unknown[];
}

export interface MetadataNode extends Metadata {
  name: string;
  dependencies: DependencyNode[] | null;
}

/** A chart while it is prepared for one render. Processing of dependencies changes it; the loaded chart stays as it is. */
export interface ChartNode {
  readonly loaded: Chart;
  metadata: MetadataNode;
  readonly templates: readonly ChartFile[];
  readonly files: readonly ChartFile[];
  readonly schema: Uint8Array | undefined;
  values: Table | undefined;
  parent: ChartNode | undefined;
  dependencies: ChartNode[];
}

export function nodeOf(chart: Chart, parent?: ChartNode): ChartNode {
  const node: ChartNode = {
    loaded: chart,
    metadata: copyMetadata(chart.metadata),
    templates: chart.templates,
    files: chart.files,
    schema: chart.schema,
    values: chart.values,
    parent,
    dependencies: [],
  };
  node.dependencies = chart.dependencies.map((dependency) => nodeOf(dependency, node));
  return node;
}

export function copyMetadata(metadata: Metadata): MetadataNode {
  const dependencies = metadata.dependencies?.flatMap((entry) => (entry === null ? [] : [{ ...entry }])) ?? null;
  return { ...metadata, dependencies };
}

export function setDependencies(node: ChartNode, dependencies: readonly ChartNode[]): void {
  node.dependencies = [...dependencies];
  for (const dependency of dependencies) dependency.parent = node;
}

/** `app/charts/database`, by the names (or aliases) of the charts, whatever their folders are called. */
export function fullPath(node: ChartNode): string {
  return node.parent === undefined ? node.metadata.name : `${fullPath(node.parent)}/charts/${node.metadata.name}`;
}

export function valueAt(table: Table, key: string): unknown {
  return has(table, key) ? table[key] : undefined;
}
