import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OracleError, systemCodeOf } from "../machine/oracle-error.ts";
import type { ProcessIdentity } from "../machine/process-identity.ts";

/** Everything that `down` has to know; written before anything is started and again after each step. */
export interface ClusterState {
  readonly version: 1;
  /** Random: in the environment of every process, in the names of the interface and of the cgroup. */
  readonly id: string;
  readonly kind: "api-only" | "node";
  readonly phase: "starting" | "ready";
  readonly server: string;
  readonly kubeconfig: string;
  readonly processes: readonly ProcessIdentity[];
}

/** Every process of a cluster has the cluster's id under this name in its environment. */
export const identityVariable = "FAIRWAY_ORACLE_CLUSTER";

export function stateFile(folder: string): string {
  return join(folder, "cluster.json");
}

export function interfaceName(id: string): string {
  return `fwo${id}`;
}

export function cgroupName(id: string): string {
  return `fairway-oracle-${id}`;
}

/** A cgroup of each node's own, all of them under the cluster's. */
export function nodeCgroup(id: string, node: string): string {
  return `${cgroupName(id)}/${node}`;
}

/** Replaces the file in one step, so that a starter killed in the middle leaves the old state or the new one. */
export function writeState(folder: string, state: ClusterState): void {
  const file = stateFile(folder);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The state of the cluster in a folder, undefined when there is none. */
export function readState(folder: string): ClusterState | undefined {
  let text: string;
  try {
    text = readFileSync(stateFile(folder), "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  return parseState(text, stateFile(folder));
}

export function parseState(text: string, source: string): ClusterState {
  const value = parseJson(text, source);
  if (!isState(value)) {
    throw new OracleError("bad-state", `${source} is not the state of a cluster (version 1): it was changed by hand`);
  }
  return value;
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OracleError("bad-state", `${source} is not JSON: it was changed by hand`, { cause });
  }
}

function isState(value: unknown): value is ClusterState {
  if (!isRecord(value)) return false;
  const { version, id, kind, phase, server, kubeconfig, processes } = value;
  return (
    version === 1 &&
    typeof id === "string" &&
    /^[0-9a-f]{8}$/u.test(id) &&
    (kind === "api-only" || kind === "node") &&
    (phase === "starting" || phase === "ready") &&
    typeof server === "string" &&
    typeof kubeconfig === "string" &&
    Array.isArray(processes) &&
    processes.every(isIdentity)
  );
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return (
    isRecord(value) &&
    typeof value["name"] === "string" &&
    Number.isSafeInteger(value["pid"]) &&
    Number(value["pid"]) > 1 &&
    Number.isSafeInteger(value["startTick"])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
