import type { Table } from "../values/table.ts";
import type { ChartFile } from "./chart-file.ts";
import type { Metadata } from "./metadata.ts";

/** A loaded chart. Treat it as read-only: rendering works on a copy, so one loaded chart serves many renders. */
export interface Chart {
  readonly metadata: Metadata;
  readonly templates: readonly ChartFile[];
  /** Everything else that templates can read with `.Files`, and `crds/`. */
  readonly files: readonly ChartFile[];
  /** The defaults of `values.yaml`; undefined without that file. */
  readonly values: Table | undefined;
  readonly schema: Uint8Array | undefined;
  readonly dependencies: readonly Chart[];
  /** What the loader had to say, in Helm's words. */
  readonly warnings: readonly string[];
}
