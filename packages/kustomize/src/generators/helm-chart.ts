import { decode, encode } from "@fairway/yaml";
import type { HelmFields } from "../kustomization/shapes.ts";
import { isRecord } from "../kustomization/record.ts";
import { KustomizeError, wrapError } from "../kustomize-error.ts";
import type { KustomizeFiles } from "../loader/files.ts";
import type { Loader } from "../loader/loader.ts";
import { cleanPath, joinPath } from "../loader/posix-path.ts";

/** A chart: one that is in the files, or one that must be pulled from a repository. */
export interface HelmChartSource {
  readonly name: string;
  readonly version: string;
  /** Empty for a chart of the files. */
  readonly repo: string;
  /** The directory of a chart that is in the files. */
  readonly directory: string | undefined;
  readonly files: KustomizeFiles;
  readonly devel: boolean;
}

export interface HelmRenderOptions {
  /** Empty: a name is generated. */
  readonly releaseName: string;
  readonly namespace: string;
  readonly nameTemplate: string;
  /** The texts of values files, the later ones winning. */
  readonly values: readonly string[];
  readonly apiVersions: readonly string[];
  readonly kubeVersion: string;
  readonly includeCrds: boolean;
  readonly skipHooks: boolean;
  readonly skipTests: boolean;
}

/** Renders charts for the `helmCharts` field. */
export interface HelmRenderer {
  /** The chart's own values.yaml. */
  values(chart: HelmChartSource): Promise<string>;
  /** The manifests, as `helm template` prints them. */
  render(chart: HelmChartSource, options: HelmRenderOptions): Promise<string>;
}

const merges = ["merge", "override", "replace"] as const;

/** Checks one entry of `helmCharts` and says how to render it. */
export async function prepareHelmChart(
  loader: Loader,
  fields: HelmFields,
  helm: HelmRenderer | undefined,
): Promise<() => Promise<string>> {
  if (helm === undefined) {
    throw new KustomizeError(
      "unsupported",
      `must specify --enable-helm: the kustomization in '${loader.root}' renders Helm charts, and no renderer was given`,
    );
  }
  const name = fields.name ?? "";
  if (name === "") throw new KustomizeError("kustomization", "chart name cannot be empty");
  const merge = (fields.valuesMerge ?? "") === "" ? "override" : (fields.valuesMerge ?? "");
  if (!merges.some((known) => known === merge)) {
    throw new KustomizeError("kustomization", `valuesMerge must be one of [${merges.join(" ")}]`);
  }
  const more: string[] = [];
  for (const path of fields.additionalValuesFiles ?? []) {
    try {
      more.push(await loader.loadText(path));
    } catch (error) {
      throw wrapError("could not load additionalValuesFile", error);
    }
  }
  return async () => {
    const chart = chartSource(loader, fields);
    const first = await firstValues(loader, fields, merge, () => helm.values(chart));
    return helm.render(chart, optionsOf(fields, [first, ...more]));
  };
}

function chartSource(loader: Loader, fields: HelmFields): HelmChartSource {
  const { name = "", version = "", repo = "" } = fields;
  const given = (fields.chartHome ?? "") === "" ? "charts" : (fields.chartHome ?? "");
  const home = given.startsWith("/") ? cleanPath(given) : joinPath(loader.root, given);
  const pulled = version !== "" && repo !== "" ? joinPath(home, `${name}-${version}`) : home;
  const directory = joinPath(pulled, name);
  const isLocal = loader.files.list(directory) !== undefined;
  if (!isLocal && repo === "") {
    throw new KustomizeError("load", `no repo specified for pull, no chart found at '${directory}'`);
  }
  const chart = { name, version, repo, files: loader.files, devel: fields.devel ?? false };
  return { ...chart, directory: isLocal ? directory : undefined };
}

async function firstValues(
  loader: Loader,
  fields: HelmFields,
  merge: string,
  chartValues: () => Promise<string>,
): Promise<string> {
  const path = fields.valuesFile ?? "";
  const load = (): Promise<string> => (path === "" ? chartValues() : loader.loadText(path));
  const inline = fields.valuesInline ?? {};
  if (Object.keys(inline).length === 0) return load();
  if (merge === "replace") return encode(inline);
  const values = decode(await load()) ?? {};
  return encode(merge === "override" ? overlay(values, inline) : overlay(inline, values));
}

/** Maps are merged, a null removes, everything else of the second wins. */
function overlay(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above;
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    if (value === null) result.delete(key);
    else result.set(key, overlay(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function optionsOf(fields: HelmFields, values: readonly string[]): HelmRenderOptions {
  return {
    releaseName: fields.releaseName ?? "",
    namespace: fields.namespace ?? "",
    nameTemplate: fields.nameTemplate ?? "",
    values,
    apiVersions: fields.apiVersions ?? [],
    kubeVersion: fields.kubeVersion ?? "",
    includeCrds: fields.includeCRDs ?? false,
    skipHooks: fields.skipHooks ?? false,
    skipTests: fields.skipTests ?? false,
  };
}
