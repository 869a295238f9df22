// The outcome of comparing many scenarios, and how it is shown.
import type { JsonObject } from "../json.ts";
import type { ScenarioRun, ScenarioVariant } from "../run/run-scenario.ts";
import { compareValues } from "./compare-values.ts";
import type { Difference } from "./compare-values.ts";
import { showDifferences } from "./show-difference.ts";

export interface ComparedStep {
  readonly line: number;
  readonly title: string;
  readonly differences: readonly Difference[];
}

export interface ComparedScenario {
  readonly id: string;
  readonly outcome: "same" | "different" | "broken" | "skipped";
  /** For `broken` and `skipped`. */
  readonly reason: string | undefined;
  /** The steps that differ. */
  readonly steps: readonly ComparedStep[];
}

export interface Comparison {
  readonly names: { readonly expected: string; readonly actual: string };
  readonly results: readonly ComparedScenario[];
  readonly seconds: number;
}

export interface ExpectedStep {
  readonly title: string;
  readonly answer: JsonObject;
}

/** Holds what a cluster answered against what is expected. */
export function compareRun(variant: ScenarioVariant, expected: readonly ExpectedStep[], run: ScenarioRun): ComparedScenario {
  const { id } = variant;
  if (run.kind !== "ran") return { id, outcome: run.kind, reason: run.reason, steps: [] };
  const steps = run.steps.flatMap(({ line, title, answer }, index): ComparedStep[] => {
    const differences = compareValues(expected[index]?.answer, answer);
    return differences.length === 0 ? [] : [{ line, title, differences }];
  });
  if (steps.length === 0 && run.steps.length === expected.length) return { id, outcome: "same", reason: undefined, steps: [] };
  return { id, outcome: "different", reason: undefined, steps };
}

export function showComparison(comparison: Comparison): string {
  const { results, names } = comparison;
  const lines: string[] = [];
  for (const result of results) {
    if (result.outcome === "broken") lines.push(`BROKEN     ${result.id}`, `  ${result.reason ?? ""}`);
    if (result.outcome !== "different") continue;
    lines.push(`DIFFERENT  ${result.id}`);
    for (const step of result.steps) {
      lines.push(`  line ${step.line}: ${step.title}`);
      lines.push(...showDifferences(step.differences, names).map((line) => `    ${line}`));
    }
  }
  const skipped = Map.groupBy(results.filter(({ outcome }) => outcome === "skipped"), ({ reason }) => reason ?? "");
  for (const [reason, those] of skipped) lines.push(`skipped ${those.length}: ${reason}`);
  const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length;
  const total = `${count("same")} the same, ${count("different")} different, ${count("broken")} broken, ${count("skipped")} skipped`;
  return `${[...lines, `${total}; ${comparison.seconds.toFixed(1)} s`].join("\n")}\n`;
}
