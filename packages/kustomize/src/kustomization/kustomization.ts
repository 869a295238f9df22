import { YamlError, decode } from "@fairway/yaml";
import { KustomizeError, wrapError } from "../kustomize-error.ts";
import { compareBytes } from "../node/go-json.ts";
import type { Loader } from "../loader/loader.ts";
import { kustomizationShape } from "./shapes.ts";
import type { HelmChartArgsFields, HelmFields, KustomizationFields } from "./shapes.ts";

export interface Kustomization {
  readonly fields: KustomizationFields;
  readonly kind: string;
  readonly fileName: string;
  readonly warnings: readonly string[];
}

const fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;
const kustomizationVersion = "kustomize.config.k8s.io/v1beta1";
const componentVersion = "kustomize.config.k8s.io/v1alpha1";

/** Reads the kustomization file of a directory, with deprecated fields moved to where they belong today. */
export function loadKustomization(loader: Loader): Kustomization {
  const found = fileNames.flatMap((name) => {
    const text = loader.peek(name);
    return text === undefined ? [] : [{ name, text }];
  });
  const [file] = found;
  if (file === undefined) {
    throw new KustomizeError(
      "load",
      "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory " +
        `'${loader.root}'`,
    );
  }
  if (found.length > 1) {
    throw new KustomizeError("load", `Found multiple kustomization files under: ${loader.root}\n`);
  }
  const fields = parseKustomization(file.text);
  const warnings = deprecationWarnings(fields);
  const kind = fields.kind ?? "";
  const fixed = modernized({ ...fields, kind: kind === "" ? "Kustomization" : kind });
  refuseEmpty(fixed);
  refuseForeign(fixed, loader.root);
  return { fields: fixed, kind: fixed.kind ?? "", fileName: file.name, warnings };
}

function parseKustomization(text: string): KustomizationFields {
  try {
    const value = sortKeys(decode(text, { integers: "bigint" }));
    return kustomizationShape.read(value, { struct: "Kustomization", path: "", strict: true }) ?? {};
  } catch (error) {
    if (error instanceof YamlError) {
      throw new KustomizeError("kustomization", `invalid Kustomization: ${error.goMessage}`, error);
    }
    throw wrapError("invalid Kustomization", error);
  }
}

/** The order in which errors are found. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => compareBytes(left, right));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

const fixHint = "Run 'kustomize edit fix' to update your Kustomization automatically.";

function deprecationWarnings(fields: KustomizationFields): string[] {
  const deprecated = [
    ["bases", "resources", ""],
    ["commonLabels", "labels", ""],
    ["imageTags", "images", ""],
    ["patchesJson6902", "patches", ""],
    ["patchesStrategicMerge", "patches", ""],
    ["vars", "replacements", "[EXPERIMENTAL] "],
  ] as const;
  return deprecated
    .filter(([field]) => fields[field] !== undefined)
    .map(
      ([field, instead, note]) =>
        `# Warning: '${field}' is deprecated. Please use '${instead}' instead. ${note}${fixHint}`,
    );
}

function modernized(fields: KustomizationFields): KustomizationFields {
  const { bases, imageTags, helmChartInflationGenerator, ...rest } = fields;
  const result: KustomizationFields = { ...rest };
  if (bases !== undefined) result.resources = [...(fields.resources ?? []), ...bases];
  if (imageTags !== undefined) result.images = [...(fields.images ?? []), ...imageTags];
  for (const field of ["configMapGenerator", "secretGenerator"] as const) {
    const generators = fields[field];
    if (generators === undefined) continue;
    result[field] = generators.map((generator) =>
      (generator.env ?? "") === ""
        ? generator
        : { ...generator, envs: [...(generator.envs ?? []), generator.env ?? ""] },
    );
  }
  if (helmChartInflationGenerator !== undefined) addOldCharts(result, helmChartInflationGenerator);
  return result;
}

function addOldCharts(fields: KustomizationFields, old: readonly HelmChartArgsFields[]): void {
  const last = (field: "helmHome" | "chartHome"): string =>
    old.map((chart) => chart[field] ?? "").findLast((value) => value !== "") ?? "";
  const globals = { chartHome: last("chartHome"), configHome: last("helmHome") };
  if (fields.helmGlobals === undefined && (globals.chartHome !== "" || globals.configHome !== "")) {
    fields.helmGlobals = globals;
  }
  fields.helmCharts = [...(fields.helmCharts ?? []), ...old.map(modernChart)];
}

function modernChart(old: HelmChartArgsFields): HelmFields {
  return {
    name: old.chartName ?? "",
    version: old.chartVersion ?? "",
    repo: old.chartRepoUrl ?? "",
    valuesFile: old.values ?? "",
    valuesMerge: old.valuesMerge ?? "",
    releaseName: old.releaseName ?? "",
    ...(old.valuesLocal === undefined ? {} : { valuesInline: old.valuesLocal }),
  };
}

function refuseEmpty(fields: KustomizationFields): void {
  const says = Object.entries(fields).some(
    ([field, value]) => field !== "kind" && field !== "apiVersion" && value !== undefined && value !== "",
  );
  if (!says) throw new KustomizeError("kustomization", "kustomization.yaml is empty");
}

function refuseForeign(fields: KustomizationFields, root: string): void {
  const { kind = "", apiVersion = "" } = fields;
  const problems: string[] = [];
  if (kind !== "Kustomization" && kind !== "Component") problems.push("kind should be Kustomization or Component");
  const required = kind === "Component" ? componentVersion : kustomizationVersion;
  if (apiVersion !== "" && apiVersion !== required) problems.push(`apiVersion for ${kind} should be ${required}`);
  if (problems.length > 0) {
    throw new KustomizeError(
      "kustomization",
      `Failed to read kustomization file under ${root}:\n${problems.join("\n")}`,
    );
  }
}
