import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../machine/cache.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { isAlive } from "../machine/process-identity.ts";
import { reportNothing } from "../machine/report.ts";
import type { Report } from "../machine/report.ts";
import { missingToolsLine, requireTools } from "../machine/tools.ts";
import type { Tool } from "../machine/tools.ts";
import { ensureBinaries } from "./binaries.ts";
import { readState } from "./cluster-state.ts";
import { startControlPlane } from "./control-plane.ts";
import { ensureImageStore } from "./image-store.ts";
import { missingCniLine } from "./cni.ts";
import { startNodeCluster } from "./node-cluster.ts";
import { tearDown } from "./tear-down.ts";

export { tearDown } from "./tear-down.ts";
export { readState } from "./cluster-state.ts";
export type { ClusterState } from "./cluster-state.ts";

export interface KubernetesOptions {
  /** etcd and the API server alone, on loopback, without root; any number side by side. */
  readonly apiOnly?: boolean;
  /** Without `apiOnly`: how many nodes, 1 when left out. Two specs of the conformance suite want two. */
  readonly nodes?: number;
  /** With `apiOnly`: the controller manager and the scheduler as well. */
  readonly controllers?: boolean;
  /** Where the cluster keeps its files; a new folder in the cache when left out. */
  readonly folder?: string;
  /** With `apiOnly`: a free port when left out. */
  readonly port?: number | undefined;
  /** etcd waits for the disk, as in production. */
  readonly durable?: boolean;
  /** Give up instead of building for longer than this. */
  readonly buildBudgetSeconds?: number;
  readonly report?: Report;
}

export interface Kubernetes {
  readonly kubeconfig: string;
  readonly server: string;
  readonly folder: string;
  close(): Promise<void>;
}

const nodeTools: readonly Tool[] = [
  "bash",
  "containerd",
  "containerd-shim-runc-v2",
  "cp",
  "ctr",
  "ip",
  "iptables",
  "mount",
  "nsenter",
  "openssl",
  "runc",
  "unshare",
];

export function clusterFolder(name = "default"): string {
  return join(cacheFolder(), "clusters", name);
}

/** Builds what is missing, starts a real Kubernetes and gives its kubeconfig once it is ready. */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<Kubernetes> {
  const id = randomBytes(4).toString("hex");
  const folder = resolve(options.folder ?? clusterFolder(id));
  const report = options.report ?? reportNothing;
  requireNoCluster(folder);
  const apiOnly = options.apiOnly ?? false;
  if (apiOnly) requireTools(["openssl"]);
  else requireNodeMachine(folder);
  const budget = options.buildBudgetSeconds === undefined ? {} : { budgetSeconds: options.buildBudgetSeconds };
  const binaries = await ensureBinaries(["etcd", "kubernetes"], { report, ...budget });
  const imageStore = apiOnly ? "" : await ensureImageStore(report);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const common = { folder, id, binaries, durable: options.durable ?? false };
  try {
    const state = apiOnly
      ? await startControlPlane({ ...common, port: options.port, controllers: options.controllers ?? false })
      : await startNodeCluster({ ...common, imageStore, nodes: options.nodes ?? 1 });
    const close = async (): Promise<void> => {
      await tearDown(folder);
    };
    return { kubeconfig: state.kubeconfig, server: state.server, folder, close };
  } catch (error) {
    await tearDown(folder, { keepLogs: true });
    removeIfEmpty(folder);
    throw error;
  }
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

function requireNoCluster(folder: string): void {
  const state = readState(folder);
  if (state === undefined) return;
  const what = state.processes.some(isAlive) ? "a cluster is up" : "a cluster was left behind";
  throw new OracleError("already-running", `${what} in ${folder}: take it down first, or give another --dir`);
}

/** Why this machine can't run a node, in one line; undefined when it can. */
export function whyNoNode(): string | undefined {
  if (process.platform !== "linux") return "a node needs Linux: use --api-only without";
  if (process.getuid?.() !== 0) return "a node needs root (namespaces, cgroups): use --api-only without";
  return missingToolsLine(nodeTools) ?? missingCniLine();
}

function requireNodeMachine(folder: string): void {
  const reason = whyNoNode();
  if (reason !== undefined) throw new OracleError("not-permitted", reason);
  if (/^\/(?:run|var\/run|var\/lib|var\/log)\//u.test(folder)) {
    throw new OracleError(
      "bad-input",
      `${folder} is hidden by a node's own /run, /var/lib and /var/log: give another --dir`,
    );
  }
}
