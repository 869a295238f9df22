import type { Answer } from "./answer.ts";
import { ClusterClient } from "./cluster-client.ts";
import { readClusterAccess } from "./kubeconfig.ts";
import { parallelScenarios } from "./limits.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";

export interface Told {
  readonly scenario: Scenario;
  readonly answers: readonly Answer[];
}

/** Tells all scenarios to one cluster, several at once; the results keep the order of the scenarios. */
export async function runCorpus(
  scenarios: readonly Scenario[],
  kubeconfig: string,
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly Told[]> {
  const access = readClusterAccess(kubeconfig);
  const client = new ClusterClient(access);
  const told: Told[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < scenarios.length; index = next++) {
      const scenario = scenarios[index];
      if (!scenario) return;
      told[index] = { scenario, answers: await runScenario(scenario, { access, client }) };
      onProgress(++done);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallelScenarios }, work));
  } finally {
    client.close();
  }
  return told;
}
