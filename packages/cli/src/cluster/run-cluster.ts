import { once } from "node:events";
import { keepYoungHeapSmall, startCluster, type ClusterOptions } from "@fairway/cluster";
import { CliError } from "../cli-error.ts";
import { forgetClusterState, runningCluster, writeClusterState, type ClusterState } from "./cluster-state.ts";

export interface RunClusterOptions extends Omit<ClusterOptions, "folder"> {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onReady: (state: ClusterState) => void;
}

/** Runs a cluster in this process until the signal comes. */
export async function runCluster({ folder, signal, onReady, ...options }: RunClusterOptions): Promise<void> {
  const known = runningCluster(folder);
  if (known && known.pid !== process.pid) {
    throw new CliError("environment", `a cluster runs in ${folder} already (process ${known.pid})`, {
      hint: "fairway cluster stop ends it; --data names another folder",
    });
  }
  const began = performance.now();
  const state = { ready: false };
  writeClusterState(folder, state);
  try {
    keepYoungHeapSmall();
    const cluster = await startCluster({ ...options, folder });
    const ready = {
      ready: true,
      readyAfterMs: Math.round(performance.now() - began),
      url: cluster.url,
      ...(cluster.kubeconfigPath === undefined ? {} : { kubeconfig: cluster.kubeconfigPath }),
    };
    writeClusterState(folder, ready);
    onReady({ pid: process.pid, ...ready });
    if (!signal.aborted) await once(signal, "abort");
    await cluster.close();
    forgetClusterState(folder);
  } catch (error) {
    const failure = sentenceOf(error, options.port);
    // Whoever waits for the start reads of the failure here.
    writeClusterState(folder, { ...state, failure });
    throw new CliError("environment", failure, { cause: error });
  }
}

function sentenceOf(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `port ${port} is taken by another program: end it, or choose another with --port`;
  if (code === "EACCES" && port < 1_024) return `port ${port} needs more rights: choose one above 1023 with --port`;
  return error instanceof Error ? error.message : String(error);
}
