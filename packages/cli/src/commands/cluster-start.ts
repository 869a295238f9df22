import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineCommand } from "../command/command.ts";
import { CliError } from "../cli-error.ts";
import { startDetached } from "../cluster/cluster-control.ts";
import { clusterFolder, clusterOptions } from "../cluster/cluster-options.ts";
import { runningCluster, type ClusterState } from "../cluster/cluster-state.ts";
import { runCluster } from "../cluster/run-cluster.ts";
import { simulatedNodesOf } from "../cluster/simulated-nodes-option.ts";
import { exitCode } from "../exit-code.ts";

export const clusterStartCommand = defineCommand({
  summary: "Start an embedded Kubernetes cluster",
  description:
    "The whole of a cluster in one process, on the loopback address: API server, controllers, scheduler and a node whose pods are processes of this machine. It ends with Ctrl-C, or goes on in the background with --detach. kubectl and helm use it like any other.",
  positionals: [],
  options: {
    ...clusterOptions,
    detach: { type: "boolean", summary: "go on in the background; fairway cluster stop ends it" },
  },
  examples: [
    { command: "fairway cluster start --detach", meaning: "A cluster in the background" },
    {
      command: "fairway cluster start --parts controllers --simulated-nodes 50:8,32Gi",
      meaning: "Where would the pods of everything go? Fifty nodes in three zones, and no container runs",
    },
    { command: "fairway cluster start --parts api-server --port 0", meaning: "An API server alone, on a free port" },
  ],
  async run({ terminal, cwd, signal }, { options }) {
    const folder = clusterFolder(cwd, options.data);
    const auditPolicy = options["audit-policy"];
    const simulated = options["simulated-nodes"];
    const simulatedNodes = simulated === undefined ? {} : { simulatedNodes: simulatedNodesOf(simulated) };
    if (simulated !== undefined && options.parts === "api-server")
      throw new CliError("bad-usage", "--simulated-nodes needs more than --parts api-server", {
        hint: "--parts controllers runs no container",
      });
    const mirrors = Object.fromEntries(options.mirror.map(mirrorOf));
    const tell = (state: ClusterState, wasRunning: boolean): void =>
      terminal.print({ ...state, wasRunning }, (style) => {
        const took = wasRunning ? "runs already" : `is ready after ${((state.readyAfterMs ?? 0) / 1_000).toFixed(2)} s`;
        return `${style.good("The cluster")} ${took}: ${state.url ?? ""}\n${style.dim(`export KUBECONFIG=${state.kubeconfig ?? ""}`)}`;
      });
    if (options.detach) {
      const known = runningCluster(folder);
      const words = [
        "--data",
        folder,
        ...(options.port === undefined ? [] : ["--port", String(options.port)]),
        ...(options.parts === undefined ? [] : ["--parts", options.parts]),
        ...(options.runtime === undefined ? [] : ["--runtime", options.runtime]),
        ...(simulated === undefined ? [] : ["--simulated-nodes", simulated]),
        ...options.images.flatMap((each) => ["--images", resolve(cwd, each)]),
        ...options.mirror.flatMap((each) => ["--mirror", each]),
        ...(auditPolicy === undefined ? [] : ["--audit-policy", resolve(cwd, auditPolicy)]),
      ];
      const state =
        known ?? (await terminal.progress("starting the cluster", () => startDetached(folder, words, signal)));
      tell(state, known !== undefined);
      return exitCode.ok;
    }
    await runCluster({
      folder,
      port: options.port ?? 6443,
      parts: partsOf(options.parts),
      ...(options.runtime === undefined ? {} : { runtime: options.runtime === "oci" ? "oci" : "process" }),
      imageLayouts: options.images.map((each) => resolve(cwd, each)),
      registryMirrors: mirrors,
      ...simulatedNodes,
      ...(auditPolicy === undefined ? {} : { auditPolicy: readPolicy(resolve(cwd, auditPolicy)) }),
      signal,
      log: (line) => terminal.note(line),
      onReady: (state) => tell(state, false),
    });
    return exitCode.ok;
  },
});

function readPolicy(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CliError("bad-usage", `--audit-policy ${path} can't be read`, { cause: error });
  }
}

function partsOf(name: string | undefined): "api-server" | "controllers" | "node" {
  return name === "api-server" || name === "controllers" ? name : "node";
}

function mirrorOf(text: string): readonly [string, string] {
  const [, host, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(text) ?? [];
  if (host !== undefined && url !== undefined) return [host, url];
  throw new CliError("bad-usage", `--mirror ${text} is no HOST=URL`, { hint: "docker.io=http://127.0.0.1:5000" });
}
