// How much of Kubernetes a cluster is: its API alone, with controllers, with nodes.
import type { Need } from "../scenario/scenario.ts";

export type Level = "bare" | "controllers" | "nodes";
export const levels: readonly Level[] = ["bare", "controllers", "nodes"];

export function canRun(level: Level, need: Need): boolean {
  if (need === "api") return true;
  if (need === "bare") return level === "bare";
  if (need === "nodes") return level === "nodes";
  return level !== "bare";
}
