export { createPaths } from "./create-paths.ts";
export type { Paths, PathsOptions } from "./create-paths.ts";
export type { RemoteVersion } from "./groups.ts";
export { alwaysWell } from "./health.ts";
export type { HealthCheck } from "./health.ts";
export { kubernetesVersion, versionInfo } from "./version.ts";
export type { VersionInfo } from "./version.ts";
