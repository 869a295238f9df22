// `record` keeps a real cluster's answers, `check` holds a cluster against them.
import { reportToTerminal } from "../machine/report.ts";
import type { Report } from "../machine/report.ts";
import type { ComparedScenario, Comparison } from "./compare/comparison.ts";
import { compareRun } from "./compare/comparison.ts";
import { readRecording, recordedFolder, recordedFrom, writeRecording } from "./recorded-answers.ts";
import type { RecordedScenario } from "./recorded-answers.ts";
import type { Level } from "./run/level.ts";
import { variantsOf } from "./run/run-scenario.ts";
import type { ScenarioRun, ScenarioVariant } from "./run/run-scenario.ts";
import { openTarget, runSuite } from "./run/run-suite.ts";
import { readScenarios } from "./scenario/read-scenarios.ts";

export interface CheckOptions {
  /** All scenarios of the folder when left out. */
  readonly variants?: readonly ScenarioVariant[];
  readonly level?: Level;
  readonly parallel?: number;
  readonly folder?: string;
  readonly report?: Report;
}

interface Held {
  readonly level: Level;
  readonly runs: ReadonlyMap<string, ScenarioRun>;
  readonly variants: readonly ScenarioVariant[];
  readonly seconds: number;
}

/** The differences between a cluster and the recorded answers of the real one. */
export async function checkRecorded(kubeconfig: string, options: CheckOptions = {}): Promise<Comparison> {
  const recording = readRecording(options.folder ?? recordedFolder);
  const held = await runAll(kubeconfig, options);
  const results = held.variants.map((variant) => checkOne(variant, recording.get(variant.id), held.runs.get(variant.id)));
  return { names: { expected: "real", actual: "here" }, results, seconds: held.seconds };
}

function checkOne(
  variant: ScenarioVariant,
  recorded: RecordedScenario | undefined,
  run: ScenarioRun | undefined,
): ComparedScenario {
  const { id, scenario } = variant;
  if (run === undefined || run.kind !== "ran") return compareRun(variant, [], run ?? { kind: "broken", reason: "did not run" });
  if (recorded === undefined) return { id, outcome: "broken", reason: `never recorded: "diff record" it`, steps: [] };
  if (recorded.key !== scenario.key) {
    return { id, outcome: "broken", reason: `its text changed since it was recorded: "diff record" it again`, steps: [] };
  }
  return compareRun(variant, recorded.steps, run);
}

/** Keeps what the cluster answers; gives what is new or has changed against the recording before. */
export async function recordAnswers(kubeconfig: string, options: CheckOptions = {}): Promise<Comparison> {
  const folder = options.folder ?? recordedFolder;
  const recording = readRecording(folder);
  const held = await runAll(kubeconfig, options);
  const results = held.variants.map((variant): ComparedScenario => {
    const run = held.runs.get(variant.id);
    const before = recording.get(variant.id);
    if (run === undefined || run.kind !== "ran") return compareRun(variant, [], run ?? { kind: "broken", reason: "did not run" });
    if (run.unmet.length > 0) return { id: variant.id, outcome: "broken", reason: run.unmet.join("\n  "), steps: [] };
    recording.set(variant.id, recordedFrom(variant, levelKept(before, held.level, variant), run.steps));
    return before?.key === variant.scenario.key
      ? compareRun(variant, before.steps, run)
      : { id: variant.id, outcome: "same", reason: undefined, steps: [] };
  });
  writeRecording(recording, readScenarios().flatMap(variantsOf), folder);
  return { names: { expected: "before", actual: "now" }, results, seconds: held.seconds };
}

/** What any level answers alike keeps the level that it was first recorded on. */
function levelKept(before: RecordedScenario | undefined, level: Level, { scenario }: ScenarioVariant): string {
  return scenario.needs === "api" && before !== undefined ? before.level : level;
}

async function runAll(kubeconfig: string, options: CheckOptions): Promise<Held> {
  const report = options.report ?? reportToTerminal;
  const variants = options.variants ?? readScenarios().flatMap(variantsOf);
  const target = await openTarget(kubeconfig, options.level);
  const started = performance.now();
  let done = 0;
  try {
    const runs = await runSuite(target, variants, {
      ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
      onRun: () => {
        done += 1;
        if (done % 50 === 0) report(`${done} of ${variants.length} scenarios`);
      },
    });
    return { level: target.level, runs, variants, seconds: (performance.now() - started) / 1000 };
  } finally {
    await target.close();
  }
}
