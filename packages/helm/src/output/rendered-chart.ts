import type { CrdFile } from "./crds.ts";
import type { Hook, Manifest } from "./sort-manifests.ts";

export interface RenderedChart {
  /** Resources in the order of installation. */
  readonly manifests: readonly Manifest[];
  readonly hooks: readonly Hook[];
  /** The files of `crds/` of the chart and its subcharts, as they are. */
  readonly crds: readonly CrdFile[];
  readonly notes: string;
  /** What Helm would have written to standard error, without a time. */
  readonly warnings: readonly string[];
}
