import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What runs in a folder, for the commands that look at it. */
export interface ClusterState {
  readonly pid: number;
  readonly ready: boolean;
  readonly failure?: string;
  readonly readyAfterMs?: number;
  readonly url?: string;
  readonly kubeconfig?: string;
}

export function readClusterState(folder: string): ClusterState | undefined {
  const path = join(folder, "state.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ClusterState) : undefined;
}

/** Renamed into place, so that a reader sees the old or the new one. */
export function writeClusterState(folder: string, state: ClusterState): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `state.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(folder, "state.json"));
}

export function forgetClusterState(folder: string): void {
  rmSync(join(folder, "state.json"), { force: true });
}

/** The cluster that runs in a folder; what a killed one has left behind does not count. */
export function runningCluster(folder: string): ClusterState | undefined {
  const state = readClusterState(folder);
  return state && isAlive(state.pid) ? state : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Signal 0 only asks whether the process is there.
    return false;
  }
}
