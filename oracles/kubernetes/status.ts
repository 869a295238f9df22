import { isAlive } from "../machine/process-identity.ts";
import { connect } from "./api-client.ts";
import { readState } from "./cluster-state.ts";
import type { ClusterState } from "./cluster-state.ts";
import { readKubeconfig } from "./kubeconfig.ts";

export type Health = "none" | "starting" | "up" | "broken";

export interface ClusterStatus {
  readonly folder: string;
  readonly health: Health;
  readonly state: ClusterState | undefined;
  /** Those written down that are still there. */
  readonly processes: readonly string[];
}

/** What the state says, whether its processes are there, and whether the API server calls itself ready. */
export async function statusOf(folder: string): Promise<ClusterStatus> {
  const state = readState(folder);
  if (state === undefined) return { folder, health: "none", state, processes: [] };
  const processes = state.processes.filter(isAlive).map((each) => each.name);
  const whole = processes.length === state.processes.length;
  if (state.phase === "starting") return { folder, health: whole ? "starting" : "broken", state, processes };
  const up = whole && (await isReady(state.kubeconfig));
  return { folder, health: up ? "up" : "broken", state, processes };
}

async function isReady(kubeconfig: string): Promise<boolean> {
  const client = connect(readKubeconfig(kubeconfig));
  try {
    return (await client.send("GET", "/readyz")).status === 200;
  } finally {
    client.close();
  }
}

const words: Readonly<Record<Health, string>> = {
  none: "nothing is up",
  starting: "starting, or its starter was killed",
  up: "up",
  broken: "broken: take it down",
};

/** Exit code 0 when a cluster is up, 1 otherwise, so that scripts can ask. */
export function printStatus(status: ClusterStatus, json: boolean): number {
  const { folder, health, state, processes } = status;
  if (json) {
    const { kind, server, kubeconfig } = state ?? {};
    process.stdout.write(`${JSON.stringify({ folder, health, kind, server, kubeconfig, processes })}\n`);
  } else if (state === undefined) {
    process.stdout.write(`nothing is up in ${folder}\n`);
  } else {
    process.stdout.write(`${state.kind} at ${state.server}: ${words[health]}\nkubeconfig ${state.kubeconfig}\n`);
    process.stdout.write(`processes ${processes.join(", ") || "none"} (of ${state.processes.length})\n`);
  }
  return health === "up" ? 0 : 1;
}
