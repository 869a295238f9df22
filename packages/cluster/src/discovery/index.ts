export { createPaths } from "./create-paths.ts";
export type { Paths, PathsOptions } from "./create-paths.ts";
export type { RemoteVersion } from "./groups.ts";
export { healthChecks } from "./health-checks.ts";
export type { HealthOptions } from "./health-checks.ts";
export type { HealthCheck } from "./health.ts";
export { kubernetesVersion, versionInfo } from "./version.ts";
export type { VersionInfo } from "./version.ts";
