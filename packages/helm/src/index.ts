export { builtInApiVersions } from "./capabilities/data/api-versions.ts";
export { type KubeVersion, defaultKubeVersion, parseKubeVersion } from "./capabilities/kube-version.ts";
export { readChartArchive } from "./chart/archive.ts";
export type { ChartFile } from "./chart/chart-file.ts";
export type { Chart } from "./chart/chart.ts";
export { type IgnoreRules, parseIgnoreRules } from "./chart/ignore.ts";
export { type ChartFiles, loadChartArchive, loadChartFolder } from "./chart/load-chart.ts";
export type { Dependency, Maintainer, Metadata } from "./chart/metadata.ts";
export { type TarEntry, readTar } from "./chart/tar.ts";
export { missingDependencies } from "./dependencies/check.ts";
export { HelmError, type HelmErrorCode, errorText } from "./errors.ts";
export type { HelmEnvironment } from "./functions/environment.ts";
export { helmFunctionTable } from "./functions/index.ts";
export { isCompatible, parseVersion } from "./functions/semver.ts";
export { compareVersions } from "./functions/semver/version.ts";
export { type SchemaCheck, type SchemaOptions, compileSchema } from "./json-schema/json-schema.ts";
export { SchemaError } from "./json-schema/schema-error.ts";
export type { CrdFile } from "./output/crds.ts";
export type { RenderedChart } from "./output/rendered-chart.ts";
export type { Hook, HookEvent, Manifest } from "./output/sort-manifests.ts";
export { splitManifests } from "./output/split-manifests.ts";
export {
  type OutputFile,
  type OutputOptions,
  formatTemplateOutput,
  templateOutputFiles,
} from "./output/template-output.ts";
export { type RenderOptions, renderChart } from "./render-chart.ts";
export { type TemplatePorts, type TemplateResult, runTemplate } from "./run-template.ts";
export { type ChartReference, type TemplateRequest, parseTemplateArguments } from "./template-flags.ts";
export { mergeMaps } from "./values/merge-maps.ts";
export type { Table } from "./values/table.ts";
export { type ReadSetFile, type UserValues, mergeUserValues, setFilePaths } from "./values/user-values.ts";
export { parseValuesFile } from "./values/values-file.ts";
