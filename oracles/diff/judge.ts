// Another cluster is held against what the real one answered.
import type { Answer } from "./answer.ts";
import { readCorpus, type CorpusSelection } from "./corpus.ts";
import { differences, type Difference } from "./difference.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { readRecording } from "./recording.ts";
import { runCorpus, type Told } from "./run-corpus.ts";

export interface JudgeOptions extends CorpusSelection {
  readonly cluster: ClusterAccess;
  /** How long a cluster may take until what a scenario waits for has come; two minutes when left out. */
  readonly patienceMs?: number;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface Judgement {
  /** Every scenario that was told; it gave the same answers when `differences` is empty. */
  readonly results: readonly ScenarioResult[];
  readonly skipped: readonly SkippedScenario[];
}

export interface ScenarioResult {
  /** `scenarios/patch`, `invalid/pod` */
  readonly file: string;
  readonly title: string;
  readonly differences: readonly Difference[];
}

export interface SkippedScenario {
  readonly file: string;
  readonly title: string;
  readonly reason: string;
}

/**
 * Tells the recorded scenarios to a cluster and compares its answers with the recorded ones. Needs no other program, no
 * Go and no real cluster; only scenarios with command lines want their kubectl or helm, and are skipped without.
 */
export async function judgeCluster(options: JudgeOptions): Promise<Judgement> {
  const scenarios = readCorpus({ needs: "api", ...options });
  const told = await runCorpus(scenarios, options.cluster, {
    patienceMs: options.patienceMs,
    onProgress: (done) => options.onProgress?.(done, scenarios.length),
  });
  return compareWithRecording(told);
}

/** A scenario that was never recorded differs as a whole. */
export function compareWithRecording(told: readonly Told[]): Judgement {
  return judgementOf(told, ({ scenario }) => readRecording(scenario.file)[scenario.title]);
}

export function compareClusters(first: readonly Told[], second: readonly Told[]): Judgement {
  return judgementOf(second, (_, index) => {
    const each = first[index];
    return each?.outcome === "told" ? each.answers : undefined;
  });
}

function judgementOf(
  told: readonly Told[],
  expectedOf: (each: Told, index: number) => readonly Answer[] | undefined,
): Judgement {
  const results: ScenarioResult[] = [];
  const skipped: SkippedScenario[] = [];
  for (const [index, each] of told.entries()) {
    const { file, title } = each.scenario;
    if (each.outcome === "skipped") skipped.push({ file, title, reason: each.reason });
    else results.push({ file, title, differences: differencesOf(expectedOf(each, index), each) });
  }
  return { results, skipped };
}

function differencesOf(
  expected: readonly Answer[] | undefined,
  told: Exclude<Told, { outcome: "skipped" }>,
): readonly Difference[] {
  if (told.outcome === "broken off")
    return [{ path: "scenario", expected: "a scenario that is told to its end", found: told.reason }];
  return differences(plain(expected), plain(told.answers));
}

/** Through JSON once, so that a recording and a fresh answer are of one kind. */
function plain(answers: readonly Answer[] | undefined): unknown {
  return answers === undefined ? undefined : JSON.parse(JSON.stringify(answers));
}
