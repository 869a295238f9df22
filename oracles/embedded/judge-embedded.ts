// The embedded cluster, in this process, is told all scenarios.
import { startCluster } from "@fairway/cluster";
import type { CorpusSelection } from "../diff/corpus.ts";
import { judgeCluster, type Judgement, type ScenarioResult } from "../diff/judge.ts";
import { parseKubeconfig } from "../diff/kubeconfig.ts";
import type { Scenario } from "../diff/scenario.ts";
import { isSame } from "../diff/score.ts";
import { firstPatienceMs, secondPatienceMs } from "./limits.ts";
import { nameOf } from "./difference-list.ts";
import { surprisesOf } from "./known-differences.ts";
import type { KnownDifference, Surprises } from "./known-differences.ts";

export interface EmbeddedRun extends Surprises {
  readonly results: readonly ScenarioResult[];
  readonly skipped: Judgement["skipped"];
}

/**
 * Tells everything once, and what comes as a surprise once more with more patience: on a busy machine an answer may be
 * late, and a surprise counts only when it comes twice.
 */
export async function judgeEmbedded(known: readonly KnownDifference[]): Promise<EmbeddedRun> {
  const first = await tell(firstPatienceMs);
  const { unlisted, equalNow } = surprisesOf(known, split(first.results));
  const doubted = new Set([...unlisted, ...equalNow]);
  if (doubted.size === 0) return { ...first, unlisted, equalNow };
  const second = await tell(secondPatienceMs, doubted);
  const again = new Map(second.results.map((result) => [nameOf(result), result]));
  const results = first.results.map((result) => again.get(nameOf(result)) ?? result);
  return { results, skipped: first.skipped, ...surprisesOf(known, split(results)) };
}

function split(results: readonly ScenarioResult[]): { readonly same: string[]; readonly different: string[] } {
  const names = (members: readonly ScenarioResult[]): string[] => members.map(nameOf);
  return { same: names(results.filter(isSame)), different: names(results.filter((each) => !isSame(each))) };
}

async function tell(patienceMs: number, names?: ReadonlySet<string>): Promise<Judgement> {
  const judged = await Promise.all(
    (["api", "controllers"] as const).map(async (needs) => tellOne({ needs, names }, patienceMs)),
  );
  return { results: judged.flatMap(({ results }) => results), skipped: judged.flatMap(({ skipped }) => skipped) };
}

interface Telling extends Pick<CorpusSelection, "names"> {
  readonly needs: Scenario["needs"];
}

async function tellOne({ needs, names }: Telling, patienceMs: number): Promise<Judgement> {
  const parts = needs === "api" ? "api-server" : "controllers";
  const cluster = await startCluster({ folder: undefined, port: 0, parts, log: () => undefined });
  try {
    return await judgeCluster({ cluster: parseKubeconfig(cluster.kubeconfig), needs, names, patienceMs });
  } finally {
    await cluster.close();
  }
}
