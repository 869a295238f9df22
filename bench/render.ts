// How long a typical service chart takes, and how much longer one `helm template` process takes for it.
// FAIRWAY_HELM=path/to/helm node bench/render.ts
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatTemplateOutput, loadChartFolder, mergeUserValues, renderChart } from "@fairway/helm";

const chartFolder = fileURLToPath(new URL("../packages/helm/testdata/charts/service/", import.meta.url));
const warmRuns = 300;
const coldRuns = 20;
const helmRuns = 10;

function readFolder(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const walk = (path: string): void => {
    for (const name of readdirSync(join(folder, path))) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (statSync(join(folder, inner)).isDirectory()) walk(inner);
      else files.set(inner, readFileSync(join(folder, inner)));
    }
  };
  walk("");
  return files;
}

/** Milliseconds of each run. */
function time(runs: number, work: (run: number) => unknown): number[] {
  return Array.from({ length: runs }, (_unused, run) => {
    const start = performance.now();
    work(run);
    return performance.now() - start;
  });
}

function median(times: readonly number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Other values in every run, so that no result is used twice. */
function render(chart: ReturnType<typeof loadChartFolder>, run: number): string {
  const values = mergeUserValues({
    set: [`replicaCount=${run},ingress.enabled=true,autoscaling.enabled=${run % 2 === 0}`],
  });
  return formatTemplateOutput(renderChart(chart, { releaseName: `run-${run}`, values }));
}

const files = readFolder(chartFolder);
const first = median(time(1, () => render(loadChartFolder(files), 0)));
const cold = median(time(coldRuns, (run) => render(loadChartFolder(files), run)));
const chart = loadChartFolder(files);
time(50, (run) => render(chart, run));
const warm = median(time(warmRuns, (run) => render(chart, run)));
const lines = [
  `first render of the process   ${first.toFixed(1)} ms`,
  `load and render               ${cold.toFixed(2)} ms`,
  `render, chart loaded          ${warm.toFixed(2)} ms`,
];

const helm = process.env["FAIRWAY_HELM"] ?? "helm";
const flags = ["--set", "replicaCount=3,ingress.enabled=true"];
const answer = spawnSync(helm, ["version", "--short"], { encoding: "utf8" });
if (answer.status === 0) {
  const env = { HOME: tmpdir(), PATH: process.env["PATH"] ?? "" };
  const theirs = median(time(helmRuns, () => spawnSync(helm, ["template", "run", chartFolder, ...flags], { env })));
  lines.push(
    `one helm template process     ${theirs.toFixed(1)} ms (${answer.stdout.trim()})`,
    `times faster                  ${(theirs / warm).toFixed(0)} (warm), ${(theirs / cold).toFixed(0)} (with loading)`,
  );
} else {
  lines.push("no helm found: set FAIRWAY_HELM to its path to compare");
}
process.stdout.write(`${lines.join("\n")}\n`);
