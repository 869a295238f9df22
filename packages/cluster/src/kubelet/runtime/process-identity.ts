import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { KubeletError, systemCodeOf } from "../kubelet-error.ts";
import { killWaitMs } from "../limits.ts";

/** A process that can't be mistaken for a later one with the same number: when it started is part of it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The kernel's start tick; where there is no /proc, the second of the start. */
  readonly startTick: number;
}

const hasProc = process.platform === "linux";

/** When the process with this number started; undefined when there is none, or only its zombie. */
export function startTickOf(pid: number): number | undefined {
  if (!hasProc) return startSecondOf(pid);
  const stat = readProc(`${pid}/stat`);
  return stat === undefined ? undefined : parseProcessStat(stat)?.startTick;
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTickOf(identity.pid) === identity.startTick;
}

export interface ProcessStat {
  readonly group: number;
  readonly cpuTicks: number;
  readonly startTick: number;
  readonly residentPages: number;
}

/** The fields of /proc/PID/stat; the name, which comes second, may itself hold spaces and parentheses. */
export function parseProcessStat(stat: string): ProcessStat | undefined {
  const afterName = stat.lastIndexOf(")");
  if (afterName < 0) return undefined;
  const fields = stat.slice(afterName + 2).split(" ");
  const at = (field: number): number => Number(fields[field - 3]);
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  if (!Number.isSafeInteger(at(22))) return undefined;
  return { group: at(5), cpuTicks: at(14) + at(15), startTick: at(22), residentPages: at(24) };
}

/** All processes, by number. */
export function processTable(): Map<number, ProcessStat> {
  const table = new Map<number, ProcessStat>();
  if (!hasProc) return table;
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/u.test(entry)) continue;
    const text = readProc(`${entry}/stat`);
    const stat = text === undefined ? undefined : parseProcessStat(text);
    if (stat !== undefined) table.set(Number(entry), stat);
  }
  return table;
}

/** Processes whose environment has `NAME=value`: found even when they left their process group. */
export function findByEnvironment(name: string, value: string): ProcessIdentity[] {
  if (!hasProc) return [];
  const wanted = `${name}=${value}`;
  const found: ProcessIdentity[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/u.test(entry) || Number(entry) === process.pid) continue;
    if (readProc(`${entry}/environ`)?.split("\0").includes(wanted) !== true) continue;
    const startTick = startTickOf(Number(entry));
    if (startTick !== undefined) found.push({ pid: Number(entry), startTick });
  }
  return found;
}

/** Processes that were started with this argument, and all their arguments. */
export function findByArgument(wanted: string): { readonly identity: ProcessIdentity; readonly command: string[] }[] {
  if (!hasProc) return [];
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/u.test(entry) || Number(entry) === process.pid) return [];
    const command = readProc(`${entry}/cmdline`)?.split("\0") ?? [];
    const startTick = command.includes(wanted) ? startTickOf(Number(entry)) : undefined;
    return startTick === undefined ? [] : [{ identity: { pid: Number(entry), startTick }, command }];
  });
}

/** Sends a signal; answers false when there is no such process any more. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (systemCodeOf(error) === "ESRCH") return false;
    throw error;
  }
}

/** Kills, and waits until the kernel has no such process any more. */
export async function killAndWait(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const each of processes) if (isAlive(each)) sendSignal(each.pid, "SIGKILL");
  const deadline = performance.now() + killWaitMs;
  for (;;) {
    const left = processes.filter(isAlive);
    if (left.length === 0) return;
    if (performance.now() > deadline) {
      const pids = left.map((each) => each.pid).join(", ");
      throw new KubeletError("tool-failed", `still running ${killWaitMs} ms after SIGKILL: ${pids}`);
    }
    await delay(10);
  }
}

/** A file under /proc, undefined when the process has ended meanwhile or belongs to another user. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM") return undefined;
    throw error;
  }
}

function startSecondOf(pid: number): number | undefined {
  const answer = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" });
  const match = /^(\S+)\s+(.*\S)\s*$/u.exec(answer.stdout ?? "");
  if (match === null || match[1]?.startsWith("Z") === true) return undefined;
  const started = Date.parse(match[2] ?? "");
  return Number.isNaN(started) ? undefined : started / 1000;
}
