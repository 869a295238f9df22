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
      readonly reason: string;
      readonly log: string;
      /** The version that goes on serving. */
      readonly serving: string;
    }
  | { readonly event: "description-changed"; readonly path: string }
  | { readonly event: "ended"; readonly version: string; readonly wentBack: boolean };
