import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../cli-error.ts";
import { forgetClusterState, isAlive, readClusterState, runningCluster, type ClusterState } from "./cluster-state.ts";
import { clusterLimits } from "./limits.ts";

/** Starts a cluster in a process of its own and waits until it is ready. */
export async function startDetached(folder: string, words: readonly string[]): Promise<ClusterState> {
  forgetClusterState(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "cluster.log");
  const log = openSync(path, "a", 0o600);
  const child = spawn(process.execPath, [process.argv[1] ?? "", "cluster", "start", ...words], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let hasEnded = false;
  child.once("exit", () => (hasEnded = true));
  child.once("error", () => (hasEnded = true));
  child.unref();
  const end = performance.now() + clusterLimits.startTimeoutMs;
  for (;;) {
    const state = readClusterState(folder);
    if (state?.ready) return state;
    const failure = state?.failure ?? (hasEnded ? lastLines(path) : undefined);
    if (failure !== undefined || performance.now() > end) {
      if (!hasEnded) await stopCluster(folder);
      throw new CliError("environment", `the cluster did not start: ${failure ?? "it took too long"}`, {
        hint: `the log is ${path}`,
      });
    }
    await delay(clusterLimits.pollMs);
  }
}

/** False when none runs. */
export async function stopCluster(folder: string): Promise<boolean> {
  const state = runningCluster(folder);
  if (!state) return false;
  process.kill(state.pid, "SIGTERM");
  const end = performance.now() + clusterLimits.stopTimeoutMs;
  while (isAlive(state.pid)) {
    if (performance.now() > end)
      throw new CliError("environment", `the cluster does not end`, { hint: `kill -9 ${state.pid} loses no data` });
    await delay(clusterLimits.pollMs);
  }
  return true;
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").slice(-5).join("\n");
}
