// What people do with kubectl and helm, on the real cluster and on the embedded one.
import { acceptanceCommand } from "../acceptance/command.ts";
import { ensureClients, usualKubectlVersions } from "../diff/clients/client-program.ts";
import { startEmbedded, whyNoOci } from "../embedded/start-embedded.ts";
import { startKubernetes, whyNoNode } from "../kubernetes/index.ts";
import { messageOf } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { stepSeconds } from "./limits.ts";
import { failed, node, passed, type Lane, type Outcome, type Step } from "./step.ts";

interface Cluster {
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

export const realAcceptance: Step = {
  title: "what people do with kubectl and helm works on the real cluster",
  seconds: stepSeconds.acceptance,
  binaries: node,
  obstacle: whyNoNode,
  run: async (lane) => acceptance(lane, async () => startKubernetes({ report: reportToTerminal })),
};

export const embeddedAcceptance: Step = {
  title: "what people do with kubectl and helm works on the embedded cluster",
  seconds: stepSeconds.embeddedAcceptance,
  binaries: node,
  obstacle: () => undefined,
  run: async (lane) => {
    const noOci = whyNoOci();
    if (noOci !== undefined) reportToTerminal(`pods are processes: ${noOci}`);
    const runtimes: readonly ("process" | "oci")[] =
      noOci === undefined ? (lane.whole ? ["oci", "process"] : ["oci"]) : ["process"];
    for (const runtime of runtimes) {
      const outcome = await acceptance(lane, async () => startEmbedded({ runtime, report: reportToTerminal }));
      if (outcome.kind !== "passed") return { ...outcome, text: `${runtime}: ${outcome.text}` };
    }
    return passed(`every section, ${runtimes.join(" and ")}`);
  },
};

async function acceptance(lane: Lane, start: () => Promise<Cluster>): Promise<Outcome> {
  const noClients = await ensureClients(reportToTerminal).then(() => undefined, messageOf);
  if (noClients !== undefined) return { kind: "skipped", text: noClients };
  const cluster = await start();
  try {
    const versions = lane.whole ? [] : ["--kubectl", usualKubectlVersions.at(-1) ?? ""];
    const code = await acceptanceCommand(["--kubeconfig", cluster.kubeconfig, ...versions]);
    return code === 0 ? passed("every section") : failed("see above");
  } finally {
    await cluster.close();
  }
}
