import { messageOf, OracleError } from "../machine/oracle-error.ts";
import type { Answer } from "./answer.ts";
import { whyNoClient } from "./clients/client-program.ts";
import { ClusterClient } from "./cluster-client.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { parallelScenarios } from "./limits.ts";
import { runScenario, type RunOptions } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";

/** What became of a scenario. */
export type Told = ToldToTheEnd | BrokenOff | Skipped;

export interface ToldToTheEnd {
  readonly outcome: "told";
  readonly scenario: Scenario;
  readonly answers: readonly Answer[];
}

/** A step that must succeed did not, or the cluster did not answer at all. */
export interface BrokenOff {
  readonly outcome: "broken off";
  readonly scenario: Scenario;
  readonly reason: string;
}

export interface Skipped {
  readonly outcome: "skipped";
  readonly scenario: Scenario;
  readonly reason: string;
}

export interface TellOptions {
  readonly patienceMs?: number | undefined;
  readonly onProgress?: (done: number) => void;
}

/** Tells all scenarios to one cluster, several at once; the results keep the order of the scenarios. */
export async function runCorpus(
  scenarios: readonly Scenario[],
  access: ClusterAccess,
  { patienceMs, onProgress }: TellOptions = {},
): Promise<readonly Told[]> {
  const client = new ClusterClient(access);
  const told: Told[] = [];
  let done = 0;
  const tellAll = async (order: readonly number[]): Promise<void> => {
    const waiting = [...order];
    const work = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const scenario = scenarios[index];
        if (!scenario) return;
        told[index] = await tell(scenario, { access, client, patienceMs });
        onProgress?.(++done);
      }
    };
    await Promise.all(Array.from({ length: parallelScenarios }, work));
  };
  try {
    const indexes = [...scenarios.keys()];
    await tellAll(indexes.filter((index) => !definesKinds(scenarios[index])));
    await tellAll(indexes.filter((index) => definesKinds(scenarios[index])));
  } finally {
    client.close();
  }
  return told;
}

/** An incomplete cluster is judged as well: a scenario that can't be told to its end doesn't end the others. */
async function tell(scenario: Scenario, options: RunOptions): Promise<Told> {
  const reason = whyNotTold(scenario);
  if (reason !== undefined) return { outcome: "skipped", scenario, reason };
  try {
    return { outcome: "told", scenario, answers: await runScenario(scenario, options) };
  } catch (error) {
    if (error instanceof OracleError && error.code === "bad-input") throw error;
    return { outcome: "broken off", scenario, reason: messageOf(error) };
  }
}

function whyNotTold({ steps, kubectl }: Scenario): string | undefined {
  const commands = steps.filter((step) => step.kind === "command");
  return commands.map(({ program }) => whyNoClient(program, kubectl ?? "")).find((reason) => reason !== undefined);
}

/** A new kind is seen by everybody who asks for the list of kinds, so those scenarios come last. */
function definesKinds(scenario: Scenario | undefined): boolean {
  return (scenario?.steps ?? []).some(
    (step) => step.kind === "request" && step.method === "POST" && step.path.endsWith("/customresourcedefinitions"),
  );
}
