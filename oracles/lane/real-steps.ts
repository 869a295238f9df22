// The real Kubernetes itself: that it comes and goes, that what is recorded of it is true, and who follows its changes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKubernetes, whyNoNode } from "../kubernetes/index.ts";
import { checkLeaks } from "../kubernetes/leak-check.ts";
import { messageOf } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { missingToolsLine } from "../machine/tools.ts";
import { stepSeconds } from "./limits.ts";
import { controlPlane, failed, node, passed, type Outcome, type Step } from "./step.ts";

const noKeys = (): string | undefined => missingToolsLine(["openssl"]);

export const realSteps: readonly Step[] = [
  {
    title: "the API server alone goes up and down and leaves nothing",
    seconds: stepSeconds.apiLeaks,
    binaries: controlPlane,
    obstacle: noKeys,
    run: async (lane) => leaks(true, lane.whole ? 10 : 3),
  },
  {
    title: "the whole cluster goes up and down and leaves nothing",
    seconds: stepSeconds.nodeLeaks,
    binaries: node,
    obstacle: whyNoNode,
    run: async (lane) => leaks(false, lane.whole ? 10 : 3),
  },
  {
    title: "the recorded answers are those of the real API server",
    seconds: stepSeconds.recording,
    binaries: controlPlane,
    obstacle: noKeys,
    run: async () => recording(false),
  },
  {
    title: "the recorded answers are those of the real controllers",
    seconds: stepSeconds.controllers,
    binaries: controlPlane,
    obstacle: noKeys,
    run: async () => recording(true),
  },
  {
    title: "informers of Go and JavaScript follow the real API server and the embedded one",
    seconds: stepSeconds.clients,
    binaries: [...controlPlane, "follower", "messages"],
    obstacle: noKeys,
    run: informers,
  },
];

async function leaks(apiOnly: boolean, times: number): Promise<Outcome> {
  const { left, upSeconds, downSeconds } = await checkLeaks({ apiOnly, times, report: reportToTerminal });
  if (left.length > 0) return failed(`left behind:\n    ${left.join("\n    ")}`);
  const slowest = (seconds: readonly number[]): string => `${Math.max(...seconds).toFixed(1)} s`;
  return passed(`${times} times, up ${slowest(upSeconds)} and down ${slowest(downSeconds)} at most`);
}

async function recording(controllers: boolean): Promise<Outcome> {
  const { ensureClients } = await import("../diff/clients/client-program.ts");
  const { diffCommand } = await import("../diff/command.ts");
  const noClients = await ensureClients(reportToTerminal).then(() => "", messageOf);
  if (noClients !== "") reportToTerminal(`command lines are skipped: ${noClients}`);
  const cluster = await startKubernetes({ apiOnly: true, controllers, report: reportToTerminal });
  try {
    const which = controllers ? ["--controllers"] : [];
    const code = await diffCommand(["check", ...which, "--kubeconfig", cluster.kubeconfig]);
    if (code !== 0) return failed("differences, see above");
    return passed(noClients === "" ? "no difference" : "no difference, without command lines");
  } finally {
    await cluster.close();
  }
}

async function informers(): Promise<Outcome> {
  const { clientsCommand } = await import("../clients/command.ts");
  const { startCluster } = await import("@fairway/cluster");
  const follow = async (kubeconfig: string): Promise<boolean> =>
    (await clientsCommand(["--kubeconfig", kubeconfig])) === 0;
  const real = await startKubernetes({ apiOnly: true, report: reportToTerminal });
  const realFollowed = await follow(real.kubeconfig).finally(async () => real.close());
  const folder = mkdtempSync(join(tmpdir(), "fairway-live-lane-"));
  const embedded = await startCluster({ folder, port: 0, parts: "api-server", log: reportToTerminal });
  const embeddedFollowed = await follow(embedded.kubeconfigPath ?? "").finally(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });
  if (realFollowed && embeddedFollowed) return passed("no change was missed, none came twice");
  return failed(`${realFollowed ? "the embedded" : "the real"} one, see above`);
}
