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
  let done = 0;
  const tellAll = async (order: readonly number[]): Promise<void> => {
    const waiting = [...order];
    const work = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const scenario = scenarios[index];
        if (!scenario) return;
        told[index] = { scenario, answers: await runScenario(scenario, { access, client }) };
        onProgress(++done);
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

/** A new kind is seen by everybody who asks for the list of kinds, so those scenarios come last. */
function definesKinds(scenario: Scenario | undefined): boolean {
  return (scenario?.steps ?? []).some(
    (step) => step.kind === "request" && step.method === "POST" && step.path.endsWith("/customresourcedefinitions"),
  );
}
