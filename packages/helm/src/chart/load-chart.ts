import { compareStrings } from "@fairway/gotemplate";
import { decode } from "@fairway/yaml";
import { HelmError, messageOf } from "../errors.ts";
import { limits } from "../limits.ts";
import { logLine } from "../log-line.ts";
import { extensionOf } from "../text/go-path.ts";
import { parseValuesFile } from "../values/values-file.ts";
import type { Table } from "../values/table.ts";
import { readChartArchive } from "./archive.ts";
import { textOf, withoutByteOrderMark } from "./chart-file.ts";
import type { ChartFile } from "./chart-file.ts";
import type { Chart } from "./chart.ts";
import { parseIgnoreRules } from "./ignore.ts";
import { metadataOf, readMetadata } from "./metadata.ts";
import { validateMetadata } from "./validate.ts";

/** The files of a chart's folder: paths relative to it, with `/`, and contents. Links must be resolved by the reader. */
export type ChartFiles = ReadonlyMap<string, Uint8Array>;

/** Loads a chart from its folder, leaving out what `.helmignore` says. */
export function loadChartFolder(files: ChartFiles): Chart {
  const ignored = parseIgnoreRules(textOf({ name: ".helmignore", data: files.get(".helmignore") ?? new Uint8Array() }));
  const kept: ChartFile[] = [];
  for (const name of [...files.keys()].sort(byPathElements)) {
    checkName(name);
    if (isIgnored(name, ignored)) continue;
    const data = files.get(name) ?? new Uint8Array();
    if (data.length > limits.fileBytesMax) {
      throw new HelmError(
        "limit-exceeded",
        `chart file ${JSON.stringify(name)} is larger than the maximum file size ${limits.fileBytesMax}`,
      );
    }
    kept.push({ name, data: withoutByteOrderMark(data) });
  }
  return loadRoot(kept);
}

/** Loads a packaged chart (.tgz). `.helmignore` has no meaning in it: packaging has already applied it. */
export function loadChartArchive(archive: Uint8Array): Chart {
  return loadRoot(readChartArchive(archive));
}

function checkName(name: string): void {
  if (name.startsWith("/") || name.split("/").includes("..") || name.includes("\\")) {
    throw new HelmError("chart-invalid", `chart file ${JSON.stringify(name)} is outside the chart's folder`);
  }
}

/** The order in which a walk of the folder meets the files. */
function byPathElements(left: string, right: string): number {
  const leftParts = left.split("/");
  const rightParts = right.split("/");
  for (let at = 0; at < leftParts.length && at < rightParts.length; at++) {
    const order = compareStrings(leftParts[at] ?? "", rightParts[at] ?? "");
    if (order !== 0) return order;
  }
  return leftParts.length - rightParts.length;
}

function isIgnored(name: string, ignored: (path: string, directory: boolean) => boolean): boolean {
  for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1)) {
    if (ignored(name.slice(0, slash), true)) return true;
  }
  return ignored(name, false);
}

function loadRoot(files: readonly ChartFile[]): Chart {
  const chartFile = files.find((file) => file.name === "Chart.yaml");
  if (chartFile === undefined) {
    throw new HelmError("chart-invalid", "Chart.yaml file is missing");
  }
  const apiVersion = metadataFrom(chartFile)["apiVersion"];
  if (apiVersion === "v3") {
    throw new HelmError(
      "unsupported",
      "invalid chart apiVersion: charts of apiVersion v3 can't be rendered, as with helm 4.1",
    );
  }
  if (apiVersion !== undefined && apiVersion !== "v1" && apiVersion !== "v2" && apiVersion !== "") {
    throw new HelmError("chart-invalid", "unsupported chart version");
  }
  return loadFiles(files, 1);
}

/** What the files of one chart add up to, before its subcharts are loaded. */
interface Parts {
  fields: Table | undefined;
  values: Table | undefined;
  schema: Uint8Array | undefined;
  readonly templates: ChartFile[];
  readonly files: ChartFile[];
  /** By the first path element under `charts/`. */
  readonly subcharts: Map<string, ChartFile[]>;
  readonly warnings: string[];
}

function loadFiles(files: readonly ChartFile[], depth: number): Chart {
  if (depth > limits.chartDepthMax) {
    throw new HelmError("limit-exceeded", `charts are nested more than ${limits.chartDepthMax} deep`);
  }
  const parts: Parts = {
    fields: undefined,
    values: undefined,
    schema: undefined,
    templates: [],
    files: [],
    subcharts: new Map(),
    warnings: [],
  };
  for (const file of files) {
    if (file.name === "Chart.yaml") parts.fields = metadataFrom(file, parts.fields);
  }
  for (const file of files) sortFile(file, parts);
  if (parts.fields === undefined) throw new HelmError("chart-invalid", "Chart.yaml file is missing");
  const metadata = metadataOf(parts.fields);
  validateMetadata(metadata);
  const dependencies = loadSubcharts(metadata.name, parts.subcharts, depth);
  return {
    metadata,
    templates: parts.templates,
    files: parts.files,
    values: parts.values,
    schema: parts.schema,
    dependencies,
    warnings: [...parts.warnings, ...dependencies.flatMap((chart) => chart.warnings)],
  };
}

function sortFile(file: ChartFile, parts: Parts): void {
  switch (file.name) {
    case "Chart.yaml":
      return;
    case "Chart.lock":
      metadataFrom(file);
      return;
    case "values.yaml":
      parts.values = loadDefaults(file);
      return;
    case "values.schema.json":
      parts.schema = file.data;
      return;
    case "requirements.yaml":
    case "requirements.lock":
      sortRequirements(file, parts);
      return;
    default:
      sortOther(file, parts);
  }
}

/** The two files of charts for Helm 2; in v1 charts templates can read them. */
function sortRequirements(file: ChartFile, parts: Parts): void {
  const versionOne = (parts.fields?.["apiVersion"] ?? "v1") === "v1";
  if (file.name === "requirements.yaml") {
    if (!versionOne) {
      parts.warnings.push(
        logLine(
          "INFO",
          'Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.',
        ),
      );
    }
    parts.fields = metadataFrom(file, parts.fields);
  } else if (!versionOne) {
    parts.warnings.push(
      logLine(
        "INFO",
        'Warning: Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to Chart.lock.',
      ),
    );
  }
  if (versionOne) parts.files.push(file);
}

function sortOther(file: ChartFile, parts: Parts): void {
  if (file.name.startsWith("templates/")) {
    parts.templates.push(file);
    return;
  }
  if (!file.name.startsWith("charts/") || extensionOf(file.name) === ".prov") {
    parts.files.push(file);
    return;
  }
  const inner = { name: file.name.slice("charts/".length), data: file.data };
  const [owner = ""] = inner.name.split("/", 1);
  const group = parts.subcharts.get(owner);
  if (group === undefined) parts.subcharts.set(owner, [inner]);
  else group.push(inner);
}

function loadSubcharts(parent: string, groups: ReadonlyMap<string, readonly ChartFile[]>, depth: number): Chart[] {
  const charts: Chart[] = [];
  for (const [name, files] of groups) {
    if (name.startsWith("_") || name.startsWith(".")) continue;
    try {
      charts.push(loadSubchart(parent, name, files, depth));
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      if (error.message.startsWith("error unpacking subchart tar")) throw error;
      throw new HelmError(error.code, `error unpacking subchart ${name} in ${parent}: ${error.message}`, {
        cause: error,
      });
    }
  }
  return charts;
}

function loadSubchart(parent: string, name: string, files: readonly ChartFile[], depth: number): Chart {
  if (extensionOf(name) !== ".tgz") {
    const inner = files.flatMap((file) => {
      const slash = file.name.indexOf("/");
      return slash === -1 ? [] : [{ name: file.name.slice(slash + 1), data: file.data }];
    });
    return loadFiles(inner, depth + 1);
  }
  const [archive] = files;
  if (archive === undefined || archive.name !== name) {
    throw new HelmError(
      "chart-invalid",
      `error unpacking subchart tar in ${parent}: expected ${name}, got ${archive?.name ?? ""}`,
    );
  }
  return loadFiles(readChartArchive(archive.data), depth + 1);
}

function loadDefaults(file: ChartFile): Table {
  try {
    return parseValuesFile(textOf(file));
  } catch (error) {
    throw new HelmError("values-invalid", `cannot load values.yaml: ${messageOf(error)}`, { cause: error });
  }
}

function metadataFrom(file: ChartFile, over?: Table): Table {
  try {
    return readMetadata(decode(textOf(file), { integers: "bigint" }), over);
  } catch (error) {
    throw new HelmError("chart-invalid", `cannot load ${file.name}: ${messageOf(error)}`, { cause: error });
  }
}
