import { startInBackground, stopInBackground, type Background } from "../background/background-process.ts";
import type { ClusterState } from "./cluster-state.ts";
import { clusterLimits } from "./limits.ts";

/** Starts a cluster in a process of its own and waits until it is ready. */
export async function startDetached(
  folder: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<ClusterState> {
  return startInBackground<ClusterState>(clusterIn(folder), ["cluster", "start", ...words], signal);
}

/** False when none runs. */
export async function stopCluster(folder: string): Promise<boolean> {
  return stopInBackground(clusterIn(folder));
}

function clusterIn(folder: string): Background {
  return { folder, name: "the cluster", ...clusterLimits };
}
