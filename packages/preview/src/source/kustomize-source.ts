import {
  buildKustomization,
  KustomizeError,
  type HelmChartSource,
  type HelmRenderer,
  type HelmRenderOptions,
  type KustomizeFiles,
} from "@fairway/kustomize";
import { HelmError, loadChartArchive, loadChartFolder, mergeUserValues, renderChart, type Chart } from "@fairway/helm";
import type { Application } from "../argocd/application.ts";
import { PreviewError } from "../errors.ts";
import { manifestsOf, type Manifest } from "../manifest.ts";
import { readText, type Snapshot } from "../snapshot.ts";
import type { PreviewWorld } from "../world.ts";
import { buildEnvironment } from "./build-environment.ts";
import { kustomizationWith } from "./kustomize-settings.ts";
import type { FolderSource } from "./resolved-source.ts";
import { kustomizationNames } from "./tool.ts";

/** As Argo CD builds it, with the settings of the Application edited in. */
export async function renderKustomization(
  source: FolderSource,
  application: Application,
  world: PreviewWorld,
): Promise<readonly Manifest[]> {
  try {
    const files = withSettings(filesOf(source.snapshot), source, application);
    const built = await buildKustomization(`/${source.folder}`.replace(/(?<=.)\/$/, ""), {
      files,
      helm: helmRenderer(world),
    });
    return manifestsOf(built.resources);
  } catch (error) {
    if (!(error instanceof KustomizeError) && !(error instanceof HelmError)) throw error;
    throw new PreviewError("render-failed", error.message, { cause: error });
  }
}

const folderLists = new WeakMap<Snapshot, ReadonlyMap<string, ReadonlySet<string>>>();

/** Names by folder, made once a snapshot. */
function foldersOf(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const known = folderLists.get(snapshot);
  if (known) return known;
  const folders = new Map<string, Set<string>>();
  for (const path of snapshot.files.keys()) {
    let child = path;
    while (child !== "") {
      const slash = child.lastIndexOf("/");
      const folder = slash === -1 ? "" : child.slice(0, slash);
      const names = folders.get(folder) ?? new Set();
      const isNew = !folders.has(folder);
      folders.set(folder, names.add(child.slice(slash + 1)));
      if (!isNew) break;
      child = folder;
    }
  }
  folderLists.set(snapshot, folders);
  return folders;
}

/** The snapshot with its root at `/`. */
function filesOf(snapshot: Snapshot): KustomizeFiles {
  const folders = foldersOf(snapshot);
  return {
    read: (path) => snapshot.read(path.slice(1)),
    list: (path) => {
      const names = folders.get(path.slice(1));
      return names && [...names];
    },
  };
}

function withSettings(files: KustomizeFiles, source: FolderSource, application: Application): KustomizeFiles {
  const settings = source.source.kustomize;
  if (!settings || Object.keys(settings).length === 0) return files;
  const name = kustomizationNames.find((each) => source.snapshot.files.has(joined(source.folder, each)));
  const text = name === undefined ? undefined : readText(source.snapshot, joined(source.folder, name));
  if (name === undefined || text === undefined) return files;
  const environment = buildEnvironment(application, source.source);
  const edited = Buffer.from(kustomizationWith(text, settings, environment));
  const editedPath = `/${joined(source.folder, name)}`;
  return { ...files, read: (path) => (path === editedPath ? edited : files.read(path)) };
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Charts of `helmCharts`: from the repository, or from where the kustomization says. */
function helmRenderer(world: PreviewWorld): HelmRenderer {
  const load = async (chart: HelmChartSource): Promise<Chart> => {
    if (chart.directory !== undefined) return loadChartFolder(folderFiles(chart.files, chart.directory));
    const { repo: repository, name, version } = chart;
    return loadChartArchive((await world.chart({ repository, name, version })).archive);
  };
  return {
    values: async (chart) => Buffer.from((await chartValues(chart, world)) ?? "").toString("utf8"),
    render: async (chart, options) => renderedText(await load(chart), options),
  };
}

async function chartValues(chart: HelmChartSource, world: PreviewWorld): Promise<Uint8Array | undefined> {
  if (chart.directory !== undefined) return chart.files.read(`${chart.directory}/values.yaml`);
  const { archive } = await world.chart({ repository: chart.repo, name: chart.name, version: chart.version });
  return loadChartArchive(archive).files.find((file) => file.name === "values.yaml")?.data;
}

function folderFiles(files: KustomizeFiles, folder: string, prefix = ""): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const name of files.list(folder) ?? []) {
    const content = files.read(`${folder}/${name}`);
    if (content) found.set(prefix + name, content);
    else for (const [path, each] of folderFiles(files, `${folder}/${name}`, `${prefix}${name}/`)) found.set(path, each);
  }
  return found;
}

function renderedText(chart: Chart, options: HelmRenderOptions): string {
  const { releaseName, namespace, values, apiVersions, kubeVersion, includeCrds, skipHooks, skipTests } = options;
  const rendered = renderChart(chart, {
    releaseName: releaseName || "release-name",
    namespace: namespace || "default",
    values: mergeUserValues({ files: values.map((content) => ({ name: "values", content })) }),
    apiVersions,
    ...(kubeVersion !== "" && { kubeVersion }),
  });
  const hooks = skipHooks ? [] : rendered.hooks.filter((hook) => !(skipTests && hook.events.includes("test")));
  const parts = [...(includeCrds ? rendered.crds : []), ...rendered.manifests, ...hooks];
  return parts.map((part) => `---\n${part.content}\n`).join("");
}
