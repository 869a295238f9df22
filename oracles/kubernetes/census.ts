import { existsSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { systemCodeOf } from "../machine/oracle-error.ts";
import { run } from "../machine/run.ts";
import { findTool } from "../machine/tools.ts";
import { identityVariable } from "./cluster-state.ts";

/** Everything on the machine that a cluster adds to while it is up, by kind. */
export type Census = Readonly<Record<CensusKind, readonly string[]>>;

export const censusKinds = ["processes", "mounts", "interfaces", "rules", "cgroups", "settings", "folders"] as const;
export type CensusKind = (typeof censusKinds)[number];

/** Kernel settings that a kubelet or a proxy would change for the whole machine. */
const settings = [
  "kernel/panic",
  "kernel/panic_on_oops",
  "net/ipv4/ip_forward",
  "net/netfilter/nf_conntrack_max",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
];

/** Folders that containerd, the kubelet and CNI have built in. */
const folders = [
  "/run/containerd",
  "/run/netns",
  "/var/lib/cni",
  "/var/lib/kubelet",
  "/var/log/containers",
  "/var/log/pods",
];

export async function takeCensus(): Promise<Census> {
  return {
    processes: clusterProcesses(),
    mounts: readFileSync("/proc/self/mountinfo", "utf8").trim().split("\n"),
    interfaces: readdirSync("/sys/class/net"),
    rules: await networkRules(),
    cgroups: cgroups("/sys/fs/cgroup"),
    settings: settings.map((name) => `${name} ${readSetting(name)}`),
    folders: folders.flatMap((folder) => (existsSync(folder) ? [folder, ...readdirSync(folder)] : [])),
  };
}

/**
 * What is there after that wasn't before, as far as it isn't another cluster's: somebody else may be at work on the
 * machine. Empty when nothing was left behind.
 */
export function leftBehind(before: Census, after: Census, own: readonly string[]): string[] {
  return censusKinds.flatMap((kind) => {
    const known = new Set(before[kind]);
    return after[kind].flatMap((each) => {
      const cluster = clusterMark.exec(each)?.[1];
      const another = cluster !== undefined && !own.includes(cluster);
      return known.has(each) || another ? [] : [`${kind}: ${each}`];
    });
  });
}

/** How a cluster's id shows in what belongs to it: the name of its cgroup, of its interface, of its processes here. */
const clusterMark = /(?:fairway-oracle-|fwo|cluster )([0-9a-f]{8})\b/u;

export function countsOf(census: Census): string {
  return censusKinds.map((kind) => `${census[kind].length} ${kind}`).join(", ");
}

/** Processes of clusters, and all others in a PID namespace that isn't ours: what a container has lost its parent with. */
function clusterProcesses(): string[] {
  const own = readlinkSync("/proc/self/ns/pid");
  const all = new Map(
    readdirSync("/proc")
      .filter((entry) => /^\d+$/u.test(entry))
      .flatMap((pid) => processFacts(pid).map((facts) => [pid, facts] as const)),
  );
  return [...all].flatMap(([pid, facts]) => {
    const cluster = clusterOf(facts, all);
    if (cluster !== undefined) return [`${pid} ${facts.name} (cluster ${cluster})`];
    return facts.namespace === own ? [] : [`${pid} ${facts.name}`];
  });
}

interface ProcessFacts {
  readonly name: string;
  readonly parent: string;
  readonly namespace: string;
  readonly mark: string | undefined;
}

/** None when the process has ended meanwhile or is somebody else's. */
function processFacts(pid: string): ProcessFacts[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    const prefix = `${identityVariable}=`;
    return [
      {
        name: /^Name:\t(.*)$/mu.exec(status)?.[1] ?? "",
        parent: /^PPid:\t(\d+)$/mu.exec(status)?.[1] ?? "0",
        namespace: readlinkSync(`/proc/${pid}/ns/pid`),
        mark: environment.find((each) => each.startsWith(prefix))?.slice(prefix.length),
      },
    ];
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return [];
    throw error;
  }
}

/** A container's process has no mark, but its node's first process above it has. */
function clusterOf(facts: ProcessFacts, all: ReadonlyMap<string, ProcessFacts>): string | undefined {
  for (let each: ProcessFacts | undefined = facts; each !== undefined; each = all.get(each.parent)) {
    if (each.mark !== undefined) return each.mark;
  }
  return undefined;
}

async function networkRules(): Promise<string[]> {
  const commands = [["iptables-save"], ["ip", "route", "show", "table", "all"], ["ip", "rule", "show"]];
  const present = commands.filter(([tool = ""]) => findTool(tool) !== undefined);
  const outputs = await Promise.all(present.map(async (command) => (await run(command)).stdout));
  return outputs.flatMap((output) => output.split("\n").filter((line) => line !== "" && !/^[#:]/u.test(line)));
}

function cgroups(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? [path, ...cgroups(path)] : [];
    });
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function readSetting(name: string): string {
  const file = join("/proc/sys", name);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "not there";
}
