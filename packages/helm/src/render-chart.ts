import { capabilitiesValue } from "./capabilities/capabilities.ts";
import { defaultKubeVersion, parseKubeVersion } from "./capabilities/kube-version.ts";
import type { KubeVersion } from "./capabilities/kube-version.ts";
import type { Chart } from "./chart/chart.ts";
import { checkDependencies } from "./dependencies/check.ts";
import { nodeOf } from "./dependencies/chart-node.ts";
import type { ChartNode } from "./dependencies/chart-node.ts";
import { processEnabled } from "./dependencies/enabled.ts";
import { processImportValues } from "./dependencies/import-values.ts";
import { helmFunctions } from "./engine/helm-functions.ts";
import type { HelmEnvironment } from "./functions/environment.ts";
import { metadataValue } from "./engine/metadata-value.ts";
import { renderTemplates } from "./engine/render-templates.ts";
import { valuesValue } from "./engine/values-value.ts";
import { HelmError } from "./errors.ts";
import { isCompatible } from "./functions/semver.ts";
import { logLine } from "./log-line.ts";
import type { Warn } from "./log-line.ts";
import { collectCrds } from "./output/crds.ts";
import { takeNotes } from "./output/notes.ts";
import { sortManifests } from "./output/sort-manifests.ts";
import type { RenderedChart } from "./output/rendered-chart.ts";
import { checkReleaseName } from "./release-name.ts";
import { checkSchemas } from "./values/check-schema.ts";
import { coalesceValues } from "./values/coalesce.ts";
import type { Table } from "./values/table.ts";

export interface RenderOptions {
  readonly releaseName: string;
  /** Default: `default`. */
  readonly namespace?: string;
  /** What the user gives over the chart's defaults: see `mergeUserValues`. */
  readonly values?: Table;
  /** As `--kube-version` takes it. Default: what helm 4.1 assumes. */
  readonly kubeVersion?: string;
  /** More API versions for `.Capabilities.APIVersions`. */
  readonly apiVersions?: readonly string[];
  /** `.Release.IsUpgrade` instead of `.Release.IsInstall`. */
  readonly isUpgrade?: boolean;
  readonly skipSchemaValidation?: boolean;
  /** The notes of subcharts too. */
  readonly subchartNotes?: boolean;
  /** The clock and the randomness that templates may ask for. Default: the same time and bytes in every render. */
  readonly environment?: HelmEnvironment;
}

/** Renders a chart as `helm template` does. Throws a HelmError with Helm's message. */
export function renderChart(chart: Chart, options: RenderOptions): RenderedChart {
  const warnings = [...chart.warnings];
  const warn: Warn = (line) => void warnings.push(line);
  checkInstallable(chart, warn);
  checkDependencies(chart);
  checkReleaseName(options.releaseName);
  const root = nodeOf(chart);
  const userValues = options.values ?? {};
  processDependencies(root, userValues, warn);
  const kubeVersion = options.kubeVersion === undefined ? defaultKubeVersion : parseKubeVersion(options.kubeVersion);
  const values = coalesceValues(root, userValues, "coalesce", warn);
  if (options.skipSchemaValidation !== true) checkSchemas(root, values);
  checkKubeVersion(root, kubeVersion);
  const top = {
    Chart: metadataValue(root.metadata, true),
    Capabilities: capabilitiesValue(kubeVersion, options.apiVersions ?? []),
    Release: releaseValue(options),
    Values: valuesValue(values),
  };
  const files = renderTemplates(root, top, helmFunctions(options.environment));
  const notes = takeNotes(files, root.metadata.name, options.subchartNotes === true);
  const { manifests, hooks } = sortManifests(files, warn);
  return { manifests, hooks, crds: collectCrds(root), notes, warnings };
}

function processDependencies(root: ChartNode, values: Table, warn: Warn): void {
  try {
    processEnabled(root, values, "", warn);
    processImportValues(root, warn);
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    throw new HelmError(error.code, `chart dependencies processing failed: ${error.message}`, { cause: error });
  }
}

function checkInstallable(chart: Chart, warn: Warn): void {
  const { type, deprecated } = chart.metadata;
  if (type !== "" && type !== "application") throw new HelmError("usage", `${type} charts are not installable`);
  if (deprecated) warn(logLine("WARN", "this chart is deprecated"));
}

function checkKubeVersion(root: ChartNode, kubeVersion: KubeVersion): void {
  const wanted = root.metadata.kubeVersion;
  if (wanted === "" || isCompatible(wanted, kubeVersion.normalized)) return;
  throw new HelmError(
    "kube-version-incompatible",
    `chart requires kubeVersion: ${wanted} which is incompatible with Kubernetes ${kubeVersion.version}`,
  );
}

function releaseValue(options: RenderOptions): Table {
  const isUpgrade = options.isUpgrade === true;
  return {
    Name: options.releaseName,
    Namespace: options.namespace ?? "default",
    IsUpgrade: isUpgrade,
    IsInstall: !isUpgrade,
    Revision: 1n,
    Service: "Helm",
  };
}
