import type { Chart } from "../chart/chart.ts";
import { HelmError } from "../errors.ts";

/** The declared dependencies that are not in `charts/`; they have to be fetched before the chart can be rendered. */
export function missingDependencies(chart: Chart): string[] {
  const present = new Set(chart.dependencies.map((dependency) => dependency.metadata.name));
  return (chart.metadata.dependencies ?? []).flatMap((entry) =>
    entry === null || present.has(entry.name) ? [] : [entry.name],
  );
}

export function checkDependencies(chart: Chart): void {
  const missing = missingDependencies(chart);
  if (missing.length === 0) return;
  throw new HelmError(
    "dependency-missing",
    "an error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch " +
      `missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`,
  );
}
