import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { pollMs, processGoneMs } from "./limits.ts";
import { OracleError, systemCodeOf } from "./oracle-error.ts";

/** A process that can't be mistaken for a later one with the same number: the kernel's start tick is part of it. */
export interface ProcessIdentity {
  readonly name: string;
  readonly pid: number;
  readonly startTick: number;
}

/** The start tick is field 22 of /proc/PID/stat; field 2 (the name) may itself hold spaces and parentheses. */
export function parseStartTick(stat: string): number | undefined {
  const afterName = stat.lastIndexOf(")");
  if (afterName < 0) return undefined;
  const fields = stat
    .slice(afterName + 1)
    .trim()
    .split(/\s+/u);
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  const tick = Number(fields[19]);
  return Number.isSafeInteger(tick) ? tick : undefined;
}

/** The start tick of a process, undefined when there is none with this number (or only its zombie). */
export function startTickOf(pid: number): number | undefined {
  const stat = readProc(`${pid}/stat`);
  return stat === undefined ? undefined : parseStartTick(stat);
}

export function identify(name: string, pid: number): ProcessIdentity | undefined {
  const startTick = startTickOf(pid);
  return startTick === undefined ? undefined : { name, pid, startTick };
}

export function isAlive(process: ProcessIdentity): boolean {
  return startTickOf(process.pid) === process.startTick;
}

/** Processes whose environment has `NAME=value`: found even when the starter died before it wrote them down. */
export function findByEnvironment(name: string, value: string): ProcessIdentity[] {
  const wanted = `${name}=${value}`;
  const found: ProcessIdentity[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/u.test(entry) || Number(entry) === process.pid) continue;
    if (readProc(`${entry}/environ`)?.split("\0").includes(wanted) !== true) continue;
    const identity = identify("stray", Number(entry));
    if (identity !== undefined) found.push(identity);
  }
  return found;
}

/** Kills and waits until the kernel has no such process any more. */
export async function killAndWait(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const each of processes) if (isAlive(each)) signal(each.pid);
  const deadline = performance.now() + processGoneMs;
  for (;;) {
    const left = processes.filter(isAlive);
    if (left.length === 0) return;
    if (performance.now() > deadline) {
      const names = left.map((each) => `${each.name} (${each.pid})`).join(", ");
      throw new OracleError("bad-state", `still running ${processGoneMs} ms after SIGKILL: ${names}`);
    }
    await delay(pollMs);
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (systemCodeOf(error) !== "ESRCH") throw error;
  }
}

/** A file under /proc, undefined when the process has ended meanwhile or belongs to another user. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM") return undefined;
    throw error;
  }
}
