import { HelmError, loadChartArchive, loadChartFolder, mergeUserValues, renderChart, type Chart } from "@fairway/helm";
import { encode } from "@fairway/yaml";
import { mayHoldApplications } from "../argocd/discover.ts";
import { PreviewError } from "../errors.ts";
import { isObject, listAt, textAt, valueAt, type JsonObject, type JsonValue } from "../json-value.ts";
import { manifestsOf, type Manifest } from "../manifest.ts";
import { filesBelow, readText } from "../snapshot.ts";
import { buildEnvironment, substitute } from "./build-environment.ts";
import type { FoundDependency } from "./chart-dependencies.ts";
import { decodeManifests } from "./directory-source.ts";
import type { ChartSource, FolderSource } from "./resolved-source.ts";
import { SteadyEnvironment } from "./steady-environment.ts";
import { findFiles, valueFilesOf, type FileContext, type RepositoryFile } from "./value-files.ts";

export interface HelmInput {
  readonly context: FileContext;
  readonly dependencies: readonly FoundDependency[];
  readonly kubeVersion: string | undefined;
  readonly apiVersions: readonly string[];
}

/** Charts of one preview: a hundred applications of one chart load it once. */
export class ChartShelf {
  readonly environment = new SteadyEnvironment();
  readonly #charts = new Map<string, Chart>();

  load(source: FolderSource | ChartSource, dependencies: readonly FoundDependency[]): Chart {
    const key = source.kind === "chart" ? source.chart.digest : folderKey(source, dependencies);
    const known = this.#charts.get(key);
    if (known) return known;
    const chart = source.kind === "chart" ? loadChartArchive(source.chart.archive) : loadFolder(source, dependencies);
    this.#charts.set(key, chart);
    return chart;
  }

  /** Whether a packaged chart, or one inside it, has templates that could give Applications. */
  mayHoldApplications(source: ChartSource): boolean {
    const holds = (chart: Chart): boolean =>
      chart.templates.some(({ data }) => mayHoldApplications(Buffer.from(data).toString("latin1"))) ||
      chart.dependencies.some(holds);
    return holds(this.load(source, []));
  }
}

function folderKey(source: FolderSource, dependencies: readonly FoundDependency[]): string {
  const files = [filesBelow(source.snapshot, source.folder), ...dependencies.map((each) => each.identities)];
  return JSON.stringify(files.map((each) => [...each]));
}

function loadFolder(source: FolderSource, dependencies: readonly FoundDependency[]): Chart {
  const files = new Map<string, Uint8Array>();
  for (const path of filesBelow(source.snapshot, source.folder).keys()) {
    const content = source.snapshot.read(source.folder === "" ? path : `${source.folder}/${path}`);
    if (content) files.set(path, content);
  }
  for (const dependency of dependencies) for (const [path, content] of dependency.files) files.set(path, content);
  return loadChartFolder(files);
}

/** What goes into a Helm source besides the chart itself. */
export function helmFiles(context: FileContext): readonly RepositoryFile[] {
  const parameters = listAt(context.source.source.helm, "fileParameters");
  return [...valueFilesOf(context), ...parameters.flatMap((each) => findFiles(textAt(each, "path") ?? "", context))];
}

/** As Argo CD renders it: `helm template` with hooks, and CRDs unless they are skipped. */
export function renderHelm(input: HelmInput, shelf: ChartShelf): readonly Manifest[] {
  const { context } = input;
  const { application, source } = context;
  const helm = source.source.helm ?? {};
  try {
    const rendered = renderChart(shelf.load(source, input.dependencies), {
      releaseName: textAt(helm, "releaseName") || application.name,
      namespace: textAt(helm, "namespace") || application.destinationNamespace || "default",
      values: userValues(context, helm),
      apiVersions: apiVersionsOf(helm, input.apiVersions),
      skipSchemaValidation: helm["skipSchemaValidation"] === true,
      environment: shelf.environment.restart(application.name),
      ...kubeVersionOf(helm, input.kubeVersion),
    });
    const skipTests = helm["skipTests"] === true;
    const texts = [
      ...(helm["skipCrds"] === true ? [] : rendered.crds.map((crd) => crd.content)),
      ...rendered.manifests.map((each) => each.content),
      ...rendered.hooks.filter((hook) => !(skipTests && hook.events.includes("test"))).map((hook) => hook.content),
    ];
    return manifestsOf(texts.flatMap((text) => decodeManifests(text, source.source.path ?? source.source.chart ?? "")));
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    throw new PreviewError("render-failed", error.message, { cause: error });
  }
}

function apiVersionsOf(helm: JsonObject, known: readonly string[]): readonly string[] {
  const given = listAt(helm, "apiVersions").filter((each) => typeof each === "string");
  return given.length > 0 ? given : known;
}

function kubeVersionOf(helm: JsonObject, known: string | undefined): { readonly kubeVersion?: string } {
  const kubeVersion = textAt(helm, "kubeVersion") || known;
  return kubeVersion === undefined ? {} : { kubeVersion };
}

/** Files first, then `values` or `valuesObject`, then `fileParameters` and `parameters`: each wins over those before it. */
function userValues(context: FileContext, helm: JsonObject) {
  const files = valueFilesOf(context).map(({ snapshot, path }) => ({
    name: path,
    content: readText(snapshot, path) ?? "",
  }));
  const inline = isObject(helm["valuesObject"]) ? encode(helm["valuesObject"]) : textAt(helm, "values");
  if (inline !== undefined && inline !== "") files.push({ name: "values of the Application", content: inline });
  const environment = buildEnvironment(context.application, context.source.source);
  const parameters = listAt(helm, "parameters").map((each) => parameterOf(each, environment));
  return mergeUserValues(
    {
      files,
      set: parameters.filter((each) => !each.forceString).map((each) => each.line),
      setString: parameters.filter((each) => each.forceString).map((each) => each.line),
      setFile: listAt(helm, "fileParameters").map((each) => `${textAt(each, "name")}=${textAt(each, "path")}`),
    },
    (path) => fileParameter(path, context),
  );
}

function parameterOf(parameter: JsonValue, environment: Readonly<Record<string, string>>) {
  const name = textAt(parameter, "name") ?? "";
  const value = substitute(textAt(parameter, "value") ?? "", environment);
  // Argo CD escapes commas, so that a value with one is not read as two.
  const line = `${name}=${value.replaceAll(/(?<!\\),/g, String.raw`\,`)}`;
  return {
    line: /^\{.*\}$/s.test(value) ? `${name}=${value}` : line,
    forceString: valueAt(parameter, "forceString") === true,
  };
}

function fileParameter(path: string, context: FileContext): string {
  const [file] = findFiles(path, context);
  const text = file && readText(file.snapshot, file.path);
  if (text !== undefined) return text;
  throw new PreviewError("missing-file", `file parameter ${path} does not exist`);
}
