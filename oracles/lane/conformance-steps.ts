// The conformance suite as a gate: what is known to pass has to pass, on the real cluster and on the embedded one.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { namesNotListed, parseExpectations, regressions, type Expectation } from "../conformance/expectations.ts";
import { workersPerCore } from "../conformance/limits.ts";
import { runSuite } from "../conformance/run-suite.ts";
import { failureLines, tableBySig } from "../conformance/summary.ts";
import { startEmbedded, whyNoOci } from "../embedded/start-embedded.ts";
import { startKubernetes, whyNoNode } from "../kubernetes/index.ts";
import { cacheFolder } from "../machine/cache.ts";
import { reportToTerminal } from "../machine/report.ts";
import { gateMinutes, stepSeconds, wholeSuiteMinutes } from "./limits.ts";
import { failed, node, passed, suite, type Lane, type Outcome, type Step } from "./step.ts";

export const embeddedConformance: Step = {
  title: "the embedded cluster passes the conformance specs that it is known to pass",
  seconds: stepSeconds.embeddedConformance,
  binaries: [...node, ...suite],
  obstacle: whyNoOci,
  run: async (lane) => {
    const expected = expectations(lane.whole ? "embedded-cluster.txt" : "embedded-live-lane.txt");
    const cluster = await startEmbedded({ runtime: "oci", report: reportToTerminal });
    return gate(lane, { expected, kubeconfig: cluster.kubeconfig }).finally(cluster.close);
  },
};

export const realConformance: Step = {
  title: "the real cluster passes the conformance specs that it is known to pass",
  seconds: stepSeconds.conformance,
  binaries: [...node, ...suite],
  obstacle: whyNoNode,
  run: async (lane) => {
    const expected = expectations(lane.whole ? "real-cluster.txt" : "live-lane.txt");
    const cluster = await startKubernetes({ nodes: lane.whole ? 2 : 1, report: reportToTerminal });
    return gate(lane, { expected, kubeconfig: cluster.kubeconfig }).finally(async () => cluster.close());
  },
};

function expectations(name: string): readonly Expectation[] {
  const file = join(import.meta.dirname, "..", "conformance", "data", name);
  return parseExpectations(readFileSync(file, "utf8"), file);
}

interface Gate {
  readonly expected: readonly Expectation[];
  readonly kubeconfig: string;
}

async function gate(lane: Lane, { expected, kubeconfig }: Gate): Promise<Outcome> {
  const listed = expected.filter(({ state }) => state === "passed").map(({ name }) => name);
  const { results, problems } = await runSuite({
    kubeconfig,
    // Those that are known to fail are run as well where there is time: one that passes now is news.
    selection: { names: lane.whole ? expected.map(({ name }) => name) : listed },
    parallel: workersPerCore * availableParallelism(),
    timeoutMinutes: lane.whole ? wholeSuiteMinutes : gateMinutes,
    folder: join(cacheFolder(), "live-lane"),
    report: reportToTerminal,
  });
  process.stdout.write(`${[...failureLines(results), tableBySig(results)].join("\n")}\n`);
  for (const name of namesNotListed(listed, results)) reportToTerminal(`passes and is not listed: ${name}`);
  const stopped = regressions(listed, results).map(({ name, reason }) => `${name}: ${reason}`);
  const wrong = [...stopped, ...problems];
  if (wrong.length > 0) return failed(`stopped passing:\n    ${wrong.join("\n    ")}`);
  return passed(`${listed.length} specs`);
}
