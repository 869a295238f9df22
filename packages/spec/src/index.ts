export { checkFiles, type CheckedFiles } from "./check-files.ts";
export { explain, type ExplainAnswer, type ExplainedField, type Explanation } from "./explain.ts";
export { formatProblem, type ProblemStyle } from "./format-problem.ts";
export { specDepthMax, specFileBytesMax, specFilesMax } from "./limits.ts";
export type { Environment } from "./model/environment.ts";
export type { Needs } from "./model/needs.ts";
export type { Platform } from "./model/platform.ts";
export type { Release } from "./model/release.ts";
export type { Resources, Scale } from "./model/scale.ts";
export { type Language, languages, type Service } from "./model/service.ts";
export { nearestName } from "./nearest-name.ts";
export type { Problem, ProblemCode } from "./problem.ts";
export { type GivenFile, isSpecFile } from "./read/spec-file.ts";
export {
  scaffoldPlatform,
  scaffoldService,
  type NewPlatform,
  type NewService,
  type ScaffoldFile,
} from "./scaffold/scaffold.ts";
export { durationMs, fits, type FormatName, formats, quantityValue } from "./schema/formats.ts";
export type { JsonSchema } from "./schema/json-schema.ts";
export { jsonSchema, type PublishedKind, publishedKinds } from "./schema/published.ts";
