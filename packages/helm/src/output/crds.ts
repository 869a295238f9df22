import { textOf } from "../chart/chart-file.ts";
import { fullPath } from "../dependencies/chart-node.ts";
import type { ChartNode } from "../dependencies/chart-node.ts";
import { extensionOf, joinPath } from "../text/go-path.ts";

/** A file of a `crds/` folder; it is no template. */
export interface CrdFile {
  readonly path: string;
  readonly content: string;
}

export function collectCrds(chart: ChartNode): CrdFile[] {
  const path = fullPath(chart);
  const own = chart.files
    .filter((file) => file.name.startsWith("crds/") && hasManifestExtension(file.name))
    .map((file) => ({ path: joinPath(path, file.name), content: textOf(file) }));
  return [...own, ...chart.dependencies.flatMap(collectCrds)];
}

function hasManifestExtension(name: string): boolean {
  return [".yaml", ".yml", ".json"].includes(extensionOf(name).toLowerCase());
}
