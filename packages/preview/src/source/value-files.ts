import { loadChartArchive } from "@fairway/helm";
import type { Application } from "../argocd/application.ts";
import { fileMatch } from "../applicationset/glob.ts";
import { PreviewError } from "../errors.ts";
import { listAt } from "../json-value.ts";
import { byCodeUnit, cleanPath, type Snapshot } from "../snapshot.ts";
import type { PackagedChart } from "../world.ts";
import { buildEnvironment, substitute } from "./build-environment.ts";
import type { ChartSource, FolderSource, ResolvedSource } from "./resolved-source.ts";

/** A file of a repository that goes into rendering, by its path from the root. */
export interface RepositoryFile {
  readonly snapshot: Snapshot;
  readonly path: string;
}

export interface FileContext {
  readonly application: Application;
  readonly source: FolderSource | ChartSource;
  readonly all: readonly ResolvedSource[];
}

/** The value files of a source in the order in which they are applied. */
export function valueFilesOf(context: FileContext): readonly RepositoryFile[] {
  const { source } = context;
  const ignoreMissing = source.source.helm?.["ignoreMissingValueFiles"] === true;
  return listAt(source.source.helm, "valueFiles").flatMap((name) => {
    if (typeof name !== "string") return [];
    const found = findFiles(name, context);
    if (found.length > 0 || ignoreMissing) return found;
    throw new PreviewError("missing-file", `value file ${name} does not exist`);
  });
}

/** A path of `valueFiles` or `fileParameters`: below the chart, from the root (`/x`), or in another source (`$ref/x`). */
export function findFiles(name: string, context: FileContext): readonly RepositoryFile[] {
  const { snapshot, path } = locate(name, context);
  if (path === undefined) throw new PreviewError("missing-file", `${name} leads outside the repository`);
  if (snapshot.files.has(path)) return [{ snapshot, path }];
  if (!/[*?[]/.test(path)) return [];
  const matches = fileMatch(path);
  const found = [...snapshot.files.keys()].filter(matches).toSorted(byCodeUnit);
  return found.map((each) => ({ snapshot, path: each }));
}

const chartFiles = new WeakMap<PackagedChart, Snapshot>();

/** The files beside the templates of a packaged chart. */
function filesOfChart({ chart, source }: ChartSource): Snapshot {
  const known = chartFiles.get(chart);
  if (known) return known;
  const contents = new Map(loadChartArchive(chart.archive).files.map(({ name, data }) => [name, data]));
  const files = new Map([...contents.keys()].toSorted(byCodeUnit).map((path) => [path, `${chart.digest}:${path}`]));
  const snapshot = { name: `chart ${source.chart ?? ""}`, files, read: (path: string) => contents.get(path) };
  chartFiles.set(chart, snapshot);
  return snapshot;
}

function locate(
  name: string,
  { application, source, all }: FileContext,
): { snapshot: Snapshot; path: string | undefined } {
  const reference = /^\$([^/]+)\/(.*)$/s.exec(name);
  const other = reference && all.find((each) => each.source.ref === reference[1]);
  const environment = buildEnvironment(application, source.source);
  if (reference && other && other.kind !== "chart") {
    return { snapshot: other.snapshot, path: cleanPath(substitute(reference[2] ?? "", environment)) };
  }
  if (reference && !other && !Object.hasOwn(environment, reference[1] ?? "")) {
    throw new PreviewError("invalid-application", `${name}: no source has the ref "${reference[1]}"`);
  }
  const path = substitute(name, environment);
  if (/^[a-z]+:\/\//.test(path)) {
    throw new PreviewError("unsupported", `value file ${path}: remote value files are not fetched`);
  }
  if (source.kind === "chart") return { snapshot: filesOfChart(source), path: cleanPath(path) };
  return { snapshot: source.snapshot, path: cleanPath(path.startsWith("/") ? path : `${source.folder}/${path}`) };
}
