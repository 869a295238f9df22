export type { KnownCluster, KnownPullRequest } from "./applicationset/world.ts";
export { type NoiseRule, defaultNoise, pathOfPointer } from "./compare/noise.ts";
export type { ObjectChange } from "./compare/compare.ts";
export type { DiffLine } from "./compare/line-diff.ts";
export { PreviewError, type PreviewErrorCode } from "./errors.ts";
export { preview, type PreviewOptions } from "./preview.ts";
export { htmlReport } from "./report/html.ts";
export { commentMarker, markdownReport } from "./report/markdown.ts";
export {
  type ApplicationPreview,
  hasChanges,
  hasFailures,
  type PreviewProblem,
  type PreviewResult,
  summary,
} from "./report/preview-result.ts";
export { type ReportStyle, terminalReport } from "./report/terminal.ts";
export type { Snapshot } from "./snapshot.ts";
export type { ChartAddress, PackagedChart, PreviewWorld, RenderCache } from "./world.ts";
