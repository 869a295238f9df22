import type { CompileProblem } from "./compile-problem.ts";

/** What happens while somebody works on a service. */
export type DevEvent =
  | { readonly event: "watching"; readonly folders: readonly string[]; readonly version: string }
  | { readonly event: "unchanged"; readonly version: string }
  | { readonly event: "not-compiled"; readonly compile: CompileProblem; readonly version: string }
  | { readonly event: "not-built"; readonly reason: string; readonly version: string }
  | { readonly event: "rolling-out"; readonly version: string; readonly buildMs: number }
  | {
      readonly event: "serving";
      readonly version: string;
      /** From the save until it serves. */
      readonly tookMs: number;
      readonly buildMs: number;
      readonly rolloutMs: number;
    }
  | {
      readonly event: "failing";
      readonly version: string;
      /** What is new of it, and so most likely the cause. */
      readonly changed: "image" | "description" | "both";
      readonly reason: string;
      readonly log: string;
      /** The version that goes on serving. */
      readonly serving: string;
    }
  /** What is described is what the cluster is asked for now; `rolling-out` follows where pods have to be made anew. */
  | {
      readonly event: "applied";
      readonly paths: readonly string[];
      readonly changes: readonly AppliedChange[];
      readonly tookMs: number;
    }
  | {
      readonly event: "not-applied";
      readonly paths: readonly string[];
      readonly reason: string;
      readonly version: string;
    }
  | { readonly event: "ended"; readonly version: string; readonly wentBack: boolean };

export interface AppliedChange {
  readonly change: "created" | "changed" | "removed";
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}
