import { forgetState, runningState, writeOwnState, type BackgroundState } from "../background/background-process.ts";

/** What runs in a folder, for the commands that look at it. */
export interface ClusterState extends BackgroundState {
  readonly readyAfterMs?: number;
  readonly url?: string;
  readonly kubeconfig?: string;
}

export function writeClusterState(folder: string, state: Omit<ClusterState, "pid" | "startedAt">): void {
  writeOwnState<ClusterState>(folder, state);
}

export function forgetClusterState(folder: string): void {
  forgetState(folder);
}

export function runningCluster(folder: string): ClusterState | undefined {
  return runningState<ClusterState>(folder);
}
