import type { BinaryName } from "../kubernetes/data/binaries.ts";
import { imageBinaries } from "../images/build-images.ts";

export interface Lane {
  readonly whole: boolean;
  readonly leftSeconds: () => number;
}

export type Outcome = { readonly kind: "passed" | "failed" | "skipped"; readonly text: string };

export interface Step {
  readonly title: string;
  /** An upper bound of what it takes with everything built, measured on two busy cores. */
  readonly seconds: number;
  /** What has to be built for it. */
  readonly binaries: readonly BinaryName[];
  /** Why the machine can't run it, in one line; undefined when it can. */
  readonly obstacle: () => string | undefined;
  readonly run: (lane: Lane) => Promise<Outcome>;
}

export const controlPlane: readonly BinaryName[] = ["etcd", "kubernetes"];
export const node: readonly BinaryName[] = [...controlPlane, ...imageBinaries];
export const suite: readonly BinaryName[] = ["ginkgo", "e2e", "kubectl"];

export function passed(text: string): Outcome {
  return { kind: "passed", text };
}

export function failed(text: string): Outcome {
  return { kind: "failed", text };
}
