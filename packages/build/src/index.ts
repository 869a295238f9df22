export { BuildError, type BuildErrorCode } from "./build-error.ts";
export type { BuiltImage } from "./assemble-image.ts";
export { buildImages, type BuildOptions, type BuildProgress } from "./build-images.ts";
export { buildByEngine } from "./engines/build-by-engine.ts";
export type { ContainerTool } from "./engines/container-tool.ts";
export { buildPostgresImage, type PostgresImageOptions } from "./postgres/postgres-image.ts";
export { pushImage, pushImages, type PushedImage, type PushOptions } from "./registry/push-image.ts";
export { machinePlatform, parsePlatform, type Platform, type ServiceSource } from "./services/service-source.ts";
