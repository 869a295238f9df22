// The checks that need the real engines. Where they can't run, it says why and ends with 0; a wrong answer ends with 1.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseExpectations, regressions } from "./conformance/expectations.ts";
import { workersPerCore } from "./conformance/limits.ts";
import { runSuite } from "./conformance/run-suite.ts";
import { failureLines, tableBySig } from "./conformance/summary.ts";
import { imageBinaries } from "./images/build-images.ts";
import { ensureBinaries, estimateSeconds, missingBinaries } from "./kubernetes/binaries.ts";
import type { BinaryName } from "./kubernetes/data/binaries.ts";
import { startKubernetes, whyNoNode } from "./kubernetes/index.ts";
import { checkLeaks } from "./kubernetes/leak-check.ts";
import { cacheFolder } from "./machine/cache.ts";
import { messageOf } from "./machine/oracle-error.ts";
import { reportToTerminal, spokenSeconds } from "./machine/report.ts";
import { run } from "./machine/run.ts";
import { missingToolsLine } from "./machine/tools.ts";

const help = `The live lane: the checks that need the real engines.

  node oracles/live-lane.ts [--budget MINUTES] [--whole]

  --budget N  no step is begun that can't end within N minutes (default: 20)
  --whole     everything: ten ups and downs, all conformance specs; takes about half an hour, and no budget holds
`;

/** Upper bounds of what the steps take with everything built, measured on two busy cores. */
const stepSeconds = {
  apiLeaks: 60,
  nodeLeaks: 120,
  recording: 240,
  controllers: 180,
  clients: 240,
  acceptance: 300,
  rust: 300,
  conformance: 420,
} as const;

/** The launch of a Go build tool alone makes no sense with less. */
const buildSecondsMin = 60;

interface Lane {
  readonly whole: boolean;
  readonly leftSeconds: () => number;
}

type Outcome = { readonly kind: "passed" | "failed" | "skipped"; readonly text: string };

interface Step {
  readonly title: string;
  readonly seconds: number;
  /** What has to be built for it. */
  readonly binaries: readonly BinaryName[];
  readonly needsNode: boolean;
  readonly run: (lane: Lane) => Promise<Outcome>;
}

const controlPlane: readonly BinaryName[] = ["etcd", "kubernetes"];
const node: readonly BinaryName[] = [...controlPlane, ...imageBinaries];

const steps: readonly Step[] = [
  {
    title: "the API server alone goes up and down and leaves nothing",
    seconds: stepSeconds.apiLeaks,
    binaries: controlPlane,
    needsNode: false,
    run: async (lane) => leaks(true, lane.whole ? 10 : 3),
  },
  {
    title: "the whole cluster goes up and down and leaves nothing",
    seconds: stepSeconds.nodeLeaks,
    binaries: node,
    needsNode: true,
    run: async (lane) => leaks(false, lane.whole ? 10 : 3),
  },
  {
    title: "the recorded answers are those of the real API server",
    seconds: stepSeconds.recording,
    binaries: controlPlane,
    needsNode: false,
    run: async () => recording(false),
  },
  {
    title: "the recorded answers are those of the real controllers",
    seconds: stepSeconds.controllers,
    binaries: controlPlane,
    needsNode: false,
    run: async () => recording(true),
  },
  {
    title: "informers of Go and JavaScript follow the real API server and the embedded one",
    seconds: stepSeconds.clients,
    binaries: [...controlPlane, "follower"],
    needsNode: false,
    run: informers,
  },
  {
    title: "what people do with kubectl and helm works on the real cluster",
    seconds: stepSeconds.acceptance,
    binaries: node,
    needsNode: true,
    run: acceptance,
  },
  {
    title: "a new service in Rust passes its tests and keeps the runtime contract",
    seconds: stepSeconds.rust,
    binaries: [],
    needsNode: false,
    run: rustTemplate,
  },
  {
    title: "the real cluster passes the conformance specs that it is known to pass",
    seconds: stepSeconds.conformance,
    binaries: [...node, "ginkgo", "e2e", "kubectl"],
    needsNode: true,
    run: conformance,
  },
];

async function leaks(apiOnly: boolean, times: number): Promise<Outcome> {
  const { left, upSeconds, downSeconds } = await checkLeaks({ apiOnly, times, report: reportToTerminal });
  if (left.length > 0) return { kind: "failed", text: `left behind:\n    ${left.join("\n    ")}` };
  const slowest = (seconds: readonly number[]): string => `${Math.max(...seconds).toFixed(1)} s`;
  return { kind: "passed", text: `${times} times, up ${slowest(upSeconds)} and down ${slowest(downSeconds)} at most` };
}

async function recording(controllers: boolean): Promise<Outcome> {
  const { ensureClients } = await import("./diff/clients/client-program.ts");
  const { diffCommand } = await import("./diff/command.ts");
  const noClients = await ensureClients(reportToTerminal).then(() => "", messageOf);
  if (noClients !== "") reportToTerminal(`command lines are skipped: ${noClients}`);
  const cluster = await startKubernetes({ apiOnly: true, controllers, report: reportToTerminal });
  try {
    const which = controllers ? ["--controllers"] : [];
    const code = await diffCommand(["check", ...which, "--kubeconfig", cluster.kubeconfig]);
    if (code !== 0) return { kind: "failed", text: "differences, see above" };
    return { kind: "passed", text: noClients === "" ? "no difference" : "no difference, without command lines" };
  } finally {
    await cluster.close();
  }
}

async function informers(): Promise<Outcome> {
  const { clientsCommand } = await import("./clients/command.ts");
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
  if (realFollowed && embeddedFollowed) return { kind: "passed", text: "no change was missed, none came twice" };
  return { kind: "failed", text: `${realFollowed ? "the embedded" : "the real"} one, see above` };
}

async function acceptance(lane: Lane): Promise<Outcome> {
  const { ensureClients, usualKubectlVersions } = await import("./diff/clients/client-program.ts");
  const { acceptanceCommand } = await import("./acceptance/command.ts");
  const noClients = await ensureClients(reportToTerminal).then(() => undefined, messageOf);
  if (noClients !== undefined) return { kind: "skipped", text: noClients };
  const cluster = await startKubernetes({ report: reportToTerminal });
  try {
    const versions = lane.whole ? [] : ["--kubectl", usualKubectlVersions.at(-1) ?? ""];
    const code = await acceptanceCommand(["--kubeconfig", cluster.kubeconfig, ...versions]);
    return code === 0 ? { kind: "passed", text: "every section" } : { kind: "failed", text: "see above" };
  } finally {
    await cluster.close();
  }
}

async function rustTemplate(): Promise<Outcome> {
  const missing = missingToolsLine(["cargo"]);
  if (missing !== undefined) return { kind: "skipped", text: missing };
  const root = join(import.meta.dirname, "..");
  const command = [
    process.execPath,
    "--test",
    "--test-name-pattern=in rust",
    "packages/templates/src/templates.test.ts",
  ];
  const { code, stdout } = await run(command, { cwd: root, env: { FAIRWAY_TEST_REAL: "1" } });
  const lines = stdout.trim().split("\n").slice(-20).join("\n");
  return code === 0 ? { kind: "passed", text: "by cargo" } : { kind: "failed", text: lines };
}

async function conformance(lane: Lane): Promise<Outcome> {
  const file = join(import.meta.dirname, "conformance", "data", lane.whole ? "real-cluster.txt" : "live-lane.txt");
  const expected = parseExpectations(readFileSync(file, "utf8"), file).flatMap((each) =>
    each.state === "passed" ? [each.name] : [],
  );
  const cluster = await startKubernetes({ nodes: lane.whole ? 2 : 1, report: reportToTerminal });
  try {
    const { results, problems } = await runSuite({
      kubeconfig: cluster.kubeconfig,
      selection: { names: expected },
      parallel: workersPerCore * availableParallelism(),
      timeoutMinutes: lane.whole ? 120 : Math.max(1, Math.floor(lane.leftSeconds() / 60)),
      folder: join(cacheFolder(), "live-lane"),
      report: reportToTerminal,
    });
    process.stdout.write(`${[...failureLines(results), tableBySig(results)].join("\n")}\n`);
    const stopped = regressions(expected, results).map(({ name, reason }) => `${name}: ${reason}`);
    const wrong = [...stopped, ...problems];
    if (wrong.length > 0) return { kind: "failed", text: `stopped passing:\n    ${wrong.join("\n    ")}` };
    return { kind: "passed", text: `${expected.length} specs` };
  } finally {
    await cluster.close();
  }
}

/** Why a step can't run here and now, or undefined. */
function obstacle(step: Step, lane: Lane): string | undefined {
  const reason = step.needsNode ? whyNoNode() : missingToolsLine(["openssl"]);
  if (process.platform !== "linux") return "the engines run on Linux alone";
  if (reason !== undefined) return reason;
  const missing = missingBinaries(step.binaries);
  if (missing.length > 0) {
    const noGo = missingToolsLine(["go"]);
    if (noGo !== undefined) return `${missing.join(", ")} not built, and ${noGo}`;
  }
  const left = lane.leftSeconds();
  const build = estimateSeconds(step.binaries);
  if (build > 0 && left < Math.max(build + step.seconds, buildSecondsMin)) {
    return `${missing.join(", ")} not built: building takes about ${spokenSeconds(build)}, ${spokenSeconds(left)} are left`;
  }
  if (left < step.seconds) return `it takes up to ${spokenSeconds(step.seconds)}, ${spokenSeconds(left)} are left`;
  return undefined;
}

async function perform(step: Step, lane: Lane): Promise<Outcome> {
  const reason = obstacle(step, lane);
  if (reason !== undefined) return { kind: "skipped", text: reason };
  try {
    await ensureBinaries(step.binaries, { report: reportToTerminal });
    return await step.run(lane);
  } catch (error) {
    return { kind: "failed", text: messageOf(error) };
  }
}

async function main(args: readonly string[]): Promise<number> {
  const options = {
    budget: { type: "string", default: "20" },
    whole: { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const minutes = Number(values.budget);
  if (!Number.isFinite(minutes) || minutes <= 0) {
    reportToTerminal(`--budget takes minutes, not ${values.budget}`);
    return 2;
  }
  const whole = values.whole ?? false;
  const deadline = performance.now() + minutes * 60_000;
  const leftSeconds = (): number =>
    whole ? Number.MAX_SAFE_INTEGER : Math.max(0, Math.floor((deadline - performance.now()) / 1000));
  const lines: string[] = [];
  let failed = false;
  for (const step of steps) {
    reportToTerminal(`== ${step.title}`);
    const outcome = await perform(step, { whole, leftSeconds });
    failed ||= outcome.kind === "failed";
    lines.push(`${outcome.kind.padEnd(8)}${step.title}: ${outcome.text}`);
    reportToTerminal(lines.at(-1) ?? "");
  }
  process.stdout.write(`\nlive lane\n${lines.map((line) => `  ${line}\n`).join("")}`);
  return failed ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
