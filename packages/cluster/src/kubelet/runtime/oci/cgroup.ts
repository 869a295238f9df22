import { existsSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { systemCodeOf } from "../../kubelet-error.ts";
import { milliUnits, wholeUnits } from "../../pods/quantity.ts";
import type { Container } from "../../pods/pod.ts";
import type { Usage } from "../runtime.ts";

const root = "/sys/fs/cgroup";
const periodMicroseconds = 100_000;
const quotaLeast = 1000;
const sharesLeast = 2;
const sharesMost = 262_144;

/** Where the kernel counts and limits: each controller in a tree of its own (version 1), or all in one (version 2). */
export const isUnified = existsSync(join(root, "cgroup.controllers"));

/** The `linux.resources` of a container's specification. */
export function cgroupLimits(container: Container): Record<string, unknown> {
  const { limits = {}, requests = {} } = container.resources ?? {};
  const cpuLimit = limits["cpu"];
  const cpuRequest = requests["cpu"] ?? cpuLimit;
  const memory = limits["memory"];
  return {
    cpu: {
      shares: sharesOf(cpuRequest === undefined ? 0 : milliUnits(cpuRequest)),
      period: periodMicroseconds,
      ...(cpuLimit === undefined ? {} : { quota: quotaOf(milliUnits(cpuLimit)) }),
    },
    ...(memory === undefined || wholeUnits(memory) === 0 ? {} : { memory: { limit: wholeUnits(memory) } }),
  };
}

/** The same as changes of a running container, where nothing means no limit. */
export function cgroupChange(container: Container): Record<string, unknown> {
  const { cpu, memory } = cgroupLimits(container) as { cpu: Record<string, number>; memory?: { limit: number } };
  return {
    cpu: { ...cpu, quota: cpu["quota"] ?? -1 },
    memory: { limit: memory?.limit ?? -1 },
  };
}

/** The kernel's file that tells how often a container ran out of memory. */
export function outOfMemoryFile(path: string): string {
  return isUnified ? join(root, path, "memory.events") : join(root, "memory", path, "memory.oom_control");
}

/** Whether a process was killed for want of memory, from the text of that file. */
export function ranOutOfMemory(text: string): boolean {
  return Number(/^oom_kill (\d+)$/mu.exec(text)?.[1] ?? "0") > 0;
}

export function cgroupUsage(path: string): Usage | undefined {
  try {
    return isUnified ? unifiedUsage(join(root, path)) : separateUsage(path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENODEV") return undefined;
    throw error;
  }
}

/** The processes of a group, wherever their parents are. */
export function membersOf(path: string): number[] {
  const file = join(isUnified ? root : join(root, "pids"), path, "cgroup.procs");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

/** Removes a group that has no members and no groups in it any more. */
export function removeCgroup(path: string): void {
  const folders = isUnified
    ? [join(root, path)]
    : [
        "cpu",
        "cpuacct",
        "cpuset",
        "memory",
        "devices",
        "freezer",
        "blkio",
        "pids",
        "systemd",
        "unified",
        "net_cls",
      ].map((controller) => join(root, controller, path));
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch (error) {
      const code = systemCodeOf(error);
      if (code !== "ENOENT" && code !== "EBUSY" && code !== "ENOTEMPTY" && code !== "EROFS") throw error;
    }
  }
}

function sharesOf(milli: number): number {
  return Math.min(Math.max(Math.floor((milli * 1024) / 1000), sharesLeast), sharesMost);
}

function quotaOf(milli: number): number {
  return Math.max(Math.floor((milli * periodMicroseconds) / 1000), quotaLeast);
}

function unifiedUsage(folder: string): Usage {
  const used = /^usage_usec (\d+)$/mu.exec(readFileSync(join(folder, "cpu.stat"), "utf8"))?.[1] ?? "0";
  const memory = Number(readFileSync(join(folder, "memory.current"), "utf8"));
  const stat = readFileSync(join(folder, "memory.stat"), "utf8");
  return { cpuNanoseconds: BigInt(used) * 1000n, memoryBytes: memory - idleCache(stat, "inactive_file") };
}

function separateUsage(path: string): Usage {
  const used = readFileSync(join(root, "cpuacct", path, "cpuacct.usage"), "utf8").trim();
  const memory = Number(readFileSync(join(root, "memory", path, "memory.usage_in_bytes"), "utf8"));
  const stat = readFileSync(join(root, "memory", path, "memory.stat"), "utf8");
  return { cpuNanoseconds: BigInt(used), memoryBytes: memory - idleCache(stat, "total_inactive_file") };
}

/** What the kernel would give up first is not counted, as `kubectl top` doesn't. */
function idleCache(stat: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, "mu").exec(stat)?.[1] ?? "0");
}
