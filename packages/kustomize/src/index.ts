export { buildKustomization, kustomizeVersion } from "./build.ts";
export type { BuildOptions, BuildResult } from "./build.ts";
export { KustomizeError } from "./kustomize-error.ts";
export type { KustomizeErrorCode } from "./kustomize-error.ts";
export type { HelmChartSource, HelmRenderer, HelmRenderOptions } from "./generators/helm-chart.ts";
export { limits } from "./limits.ts";
export type { KustomizeFiles, RemoteDirectory, RemoteSource } from "./loader/files.ts";
export type { PlainObject, PlainValue } from "./node/plain-value.ts";
