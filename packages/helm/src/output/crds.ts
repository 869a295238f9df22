import { textOf } from "../chart/chart-file.ts";
import type { ChartFile } from "../chart/chart-file.ts";
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
    .map((file) => ({ path: joinPath(path, file.name), content: contentOf(file) }));
  return [...own, ...chart.dependencies.flatMap(collectCrds)];
}

const contents = new WeakMap<ChartFile, string>();

/** CRDs are large and stay as they are from render to render. */
function contentOf(file: ChartFile): string {
  const known = contents.get(file);
  if (known !== undefined) return known;
  const text = textOf(file);
  contents.set(file, text);
  return text;
}

function hasManifestExtension(name: string): boolean {
  return [".yaml", ".yml", ".json"].includes(extensionOf(name).toLowerCase());
}
