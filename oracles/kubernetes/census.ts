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

/** What is there after that wasn't before; empty when nothing was left behind. */
export function leftBehind(before: Census, after: Census): string[] {
  return censusKinds.flatMap((kind) => {
    const known = new Set(before[kind]);
    return after[kind].flatMap((each) => (known.has(each) ? [] : [`${kind}: ${each}`]));
  });
}

export function countsOf(census: Census): string {
  return censusKinds.map((kind) => `${census[kind].length} ${kind}`).join(", ");
}

/** Processes with a cluster's mark, and all in a PID namespace other than ours (a container's have no mark). */
function clusterProcesses(): string[] {
  const own = readlinkSync("/proc/self/ns/pid");
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/u.test(entry))) {
    try {
      const namespace = readlinkSync(`/proc/${pid}/ns/pid`);
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      const marked = environment.some((each) => each.startsWith(`${identityVariable}=`));
      if (marked || namespace !== own) found.push(`${pid} ${readFileSync(`/proc/${pid}/comm`, "utf8").trim()}`);
    } catch (error) {
      const code = systemCodeOf(error);
      if (code !== "ENOENT" && code !== "ESRCH" && code !== "EACCES") throw error;
    }
  }
  return found;
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
