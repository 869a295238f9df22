import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeReadyMs } from "../machine/limits.ts";
import { OracleError, systemCodeOf } from "../machine/oracle-error.ts";
import { identify } from "../machine/process-identity.ts";
import type { ProcessIdentity } from "../machine/process-identity.ts";
import { searchPath } from "../machine/tools.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { identityVariable, nodeCgroup } from "./cluster-state.ts";
import type { Component } from "./components.ts";
import { logTail, openLog } from "./logs.ts";
import { nodeFolder } from "./node-plan.ts";
import { cgroupHierarchies } from "./tear-down.ts";

const initScript = join(import.meta.dirname, "data", "node-init.sh");
const namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"];

/** Process, mount, network, host name and IPC namespaces of one node. When its first process ends, all of it is gone. */
export interface NodeNamespace {
  /** The first process in it, by its number outside. */
  readonly pid: number;
  readonly name: string;
  start(component: Component): void;
  /** The name of a component that has ended, which none of them should. */
  ended(): string | undefined;
  /** The node goes on without its starter. */
  detach(): void;
}

export interface NodeNamespaceOptions {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  /** Told as soon as there is something to take down. */
  readonly onStarted: (process: ProcessIdentity) => void;
}

export async function openNodeNamespace(options: NodeNamespaceOptions): Promise<NodeNamespace> {
  const { name } = options;
  const node = nodeFolder(options.folder, name);
  mkdirSync(node, { recursive: true });
  makeCgroup(nodeCgroup(options.id, name));
  const log = openLog(options.folder, name);
  const child = spawn("unshare", [...namespaces, "bash", initScript, node, name], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", log, log],
    env: { PATH: searchPath(process.env["PATH"]), [identityVariable]: options.id },
  });
  closeSync(log);
  child.on("error", () => undefined);
  const outer = child.pid === undefined ? undefined : identify("unshare", child.pid);
  if (outer === undefined) throw new OracleError("start-failed", "unshare could not be started");
  options.onStarted(outer);
  const hopeless = (): string | undefined =>
    child.exitCode === null ? undefined : `${name} could not be made:\n${logTail(options.folder, name)}`;
  const wait = { timeoutMs: nodeReadyMs, hopeless };
  await waitUntil(() => firstChild(outer.pid) !== undefined, { ...wait, what: `the first process of ${name}` });
  const first = identify(name, firstChild(outer.pid) ?? 0);
  if (first === undefined) throw new OracleError("start-failed", `${name} ended:\n${logTail(options.folder, name)}`);
  options.onStarted(first);
  await waitUntil(() => existsSync(join(node, "prepared")), { ...wait, what: `the preparation of ${name}` });
  return handle(child, { node, name, pid: first.pid });
}

function handle(
  child: ChildProcess,
  parts: { readonly node: string; readonly name: string; readonly pid: number },
): NodeNamespace {
  return {
    pid: parts.pid,
    name: parts.name,
    start: (component) => {
      child.stdin?.write(`${component.name}\t${component.command.map(quote).join(" ")}\n`);
    },
    ended: () => {
      if (child.exitCode !== null) return parts.name;
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

/** The kubelet's own root in each hierarchy, so that two nodes (and whatever else runs here) don't meet. */
function makeCgroup(path: string): void {
  for (const hierarchy of cgroupHierarchies()) {
    let folder = hierarchy;
    for (const part of path.split("/")) {
      folder = join(folder, part);
      mkdirSync(folder, { recursive: true });
      for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        const own = join(folder, file);
        if (existsSync(own)) writeFileSync(own, readFileSync(join(hierarchy, file), "utf8"));
      }
    }
  }
}
