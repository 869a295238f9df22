import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { nodeReadyMs } from "../machine/limits.ts";
import { OracleError, systemCodeOf } from "../machine/oracle-error.ts";
import { identify } from "../machine/process-identity.ts";
import type { ProcessIdentity } from "../machine/process-identity.ts";
import { runOrFail } from "../machine/run.ts";
import { searchPath } from "../machine/tools.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { cgroupName, identityVariable, interfaceName } from "./cluster-state.ts";
import type { Component } from "./components.ts";
import { nodeName } from "./credentials.ts";
import { logTail, openLog } from "./logs.ts";
import { cgroupHierarchies } from "./tear-down.ts";

const initScript = join(import.meta.dirname, "data", "node-init.sh");
const namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"];

/** The two ends of the cable between the machine and a node. */
export interface NodeAddresses {
  readonly host: string;
  readonly node: string;
}

/** Process, mount, network, host name and IPC namespaces of one node. When its first process ends, all of it is gone. */
export interface NodeNamespace {
  readonly processes: readonly ProcessIdentity[];
  start(component: Component): void;
  /** The name of a component that has ended, which none of them should. */
  ended(): string | undefined;
  /** The node goes on without its starter. */
  detach(): void;
}

export function nodeFolder(folder: string): string {
  return join(folder, "node");
}

/**
 * A pair out of the range that is set apart for benchmarks of networks (RFC 2544), so that it meets no network of the
 * machine's; the first that no interface has.
 */
export function chooseAddresses(taken: readonly string[]): NodeAddresses {
  for (let third = 0; third < 256; third += 1) {
    const host = `198.18.${third}.1`;
    if (!taken.includes(host)) return { host, node: `198.18.${third}.2` };
  }
  throw new OracleError("bad-state", "256 nodes are up on this machine: take one down first");
}

export function addressesTaken(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((address) => address.address));
}

export interface NodeNamespaceOptions {
  readonly folder: string;
  readonly id: string;
  readonly addresses: NodeAddresses;
  /** Told as soon as there is something to take down. */
  readonly onStarted: (processes: readonly ProcessIdentity[]) => void;
}

export async function openNodeNamespace(options: NodeNamespaceOptions): Promise<NodeNamespace> {
  const node = nodeFolder(options.folder);
  mkdirSync(node, { recursive: true });
  makeCgroup(options.id);
  const log = openLog(options.folder, "node");
  const child = spawn("unshare", [...namespaces, "bash", initScript, node, nodeName], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", log, log],
    env: { PATH: searchPath(process.env["PATH"]), [identityVariable]: options.id },
  });
  closeSync(log);
  child.on("error", () => undefined);
  const outer = child.pid === undefined ? undefined : identify("unshare", child.pid);
  if (outer === undefined) throw new OracleError("start-failed", "unshare could not be started");
  options.onStarted([outer]);
  const hopeless = (): string | undefined =>
    child.exitCode === null
      ? undefined
      : `the node's namespaces could not be made:\n${logTail(options.folder, "node")}`;
  const wait = { timeoutMs: nodeReadyMs, hopeless };
  await waitUntil(() => firstChild(outer.pid) !== undefined, { ...wait, what: "the node's first process" });
  const first = identify("node", firstChild(outer.pid) ?? 0);
  if (first === undefined) throw new OracleError("start-failed", `the node ended:\n${logTail(options.folder, "node")}`);
  options.onStarted([first, outer]);
  await waitUntil(() => existsSync(join(node, "prepared")), { ...wait, what: "the node's preparation" });
  await connectNetwork(first.pid, options);
  return handle(child, { node, processes: [first, outer] });
}

function handle(
  child: ChildProcess,
  parts: { readonly node: string; readonly processes: readonly ProcessIdentity[] },
): NodeNamespace {
  return {
    processes: parts.processes,
    start: (component) => {
      child.stdin?.write(`${component.name}\t${component.command.map(quote).join(" ")}\n`);
    },
    ended: () => {
      if (child.exitCode !== null) return "node";
      const mark = readdirSync(parts.node).find((entry) => entry.startsWith("ended-"));
      return mark?.slice("ended-".length);
    },
    detach: () => {
      child.stdin?.end();
      child.unref();
    },
  };
}

/** For a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function firstChild(pid: number): number | undefined {
  try {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    return first === undefined || first === "" ? undefined : Number(first);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ESRCH") return undefined;
    throw error;
  }
}

/** One cable: the machine reaches the node's API server over it, and nothing else leads in or out. */
async function connectNetwork(pid: number, options: NodeNamespaceOptions): Promise<void> {
  const name = interfaceName(options.id);
  const { host, node } = options.addresses;
  const inside = ["nsenter", "-t", String(pid), "-n"];
  await runOrFail(["ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
  await runOrFail(["ip", "address", "add", `${host}/30`, "dev", name]);
  await runOrFail(["ip", "link", "set", name, "up"]);
  await runOrFail([...inside, "ip", "address", "add", `${node}/30`, "dev", "eth0"]);
  await runOrFail([...inside, "ip", "link", "set", "eth0", "up"]);
  await runOrFail([...inside, "ip", "route", "add", "default", "via", host]);
}

/** The kubelet's own root in each hierarchy, so that two nodes (and whatever else runs here) don't meet. */
function makeCgroup(id: string): void {
  for (const hierarchy of cgroupHierarchies()) {
    const folder = join(hierarchy, cgroupName(id));
    mkdirSync(folder, { recursive: true });
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      const own = join(folder, file);
      if (existsSync(own) && existsSync(join(hierarchy, file))) {
        writeFileSync(own, readFileSync(join(hierarchy, file), "utf8"));
      }
    }
  }
}
