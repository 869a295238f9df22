import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../cli-error.ts";
import { processStart } from "./process-start.ts";

/** What a process in the background tells everybody else: a file, private, in its folder. */
export interface BackgroundState {
  readonly pid: number;
  readonly startedAt?: string;
  readonly ready: boolean;
  /** Why it could not start. */
  readonly failure?: string;
}

export interface Background {
  /** Where its state and its log are. */
  readonly folder: string;
  /** For messages: `the cluster`. */
  readonly name: string;
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
}

const pollMs = 20;
const logLinesShown = 5;

/** What stands in the file, whether or not the process still is there. */
export function readState<S extends BackgroundState>(folder: string): S | undefined {
  const path = statePath(folder);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as S) : undefined;
}

export function writeOwnState<S extends BackgroundState>(folder: string, state: Omit<S, "pid" | "startedAt">): void {
  writePrivate(statePath(folder), { pid: process.pid, startedAt: processStart(process.pid), ...state });
}

export function forgetState(folder: string): void {
  rmSync(statePath(folder), { force: true });
}

/** The state of a process that is there; what a killed one has left behind does not count. */
export function runningState<S extends BackgroundState>(folder: string): S | undefined {
  const state = readState<S>(folder);
  return state && isRunning(state) ? state : undefined;
}

/** Runs this program with other words in the background and waits until it says that it is ready. */
export async function startInBackground<S extends BackgroundState>(
  background: Background,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<S> {
  const { folder, name, startTimeoutMs } = background;
  forgetState(folder);
  makePrivate(folder);
  const path = logPath(folder);
  const log = openSync(path, "a", 0o600);
  const child = spawn(process.execPath, [process.argv[1] ?? "", ...words], {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, PATH: programFolders(process.env["PATH"]) },
  });
  closeSync(log);
  // Without a program there is no process.
  child.once("error", () => undefined);
  child.unref();
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const end = performance.now() + startTimeoutMs;
  for (;;) {
    const state = readState<S>(folder);
    if (state?.ready && state.pid === child.pid) return state;
    const failure = state?.failure ?? (hasEnded() ? lastLines(path) : undefined);
    if (failure !== undefined || performance.now() > end || signal?.aborted) {
      // It may not even have said yet that it is there.
      child.kill("SIGTERM");
      const stopEnd = performance.now() + background.stopTimeoutMs;
      while (!hasEnded() && performance.now() < stopEnd) await delay(pollMs);
      signal?.throwIfAborted();
      throw new CliError("environment", `${name} did not start: ${failure ?? "it took too long"}`, {
        hint: `the log is ${path}`,
      });
    }
    await delay(pollMs);
  }
}

/** Tools of the network are looked for where systems keep them, also when the account's PATH does without these folders. */
export function programFolders(path: string | undefined): string {
  const own = (path ?? "").split(delimiter).filter(Boolean);
  return [...new Set([...own, "/usr/local/sbin", "/usr/sbin", "/sbin"])].join(delimiter);
}

/** False when none runs. */
export async function stopInBackground(
  background: Background,
  how: "SIGTERM" | "SIGHUP" = "SIGTERM",
): Promise<boolean> {
  const state = runningState(background.folder);
  if (!state) return false;
  process.kill(state.pid, how);
  // One that somebody stopped hears of it only when it goes on.
  process.kill(state.pid, "SIGCONT");
  const end = performance.now() + background.stopTimeoutMs;
  while (isRunning(state)) {
    if (performance.now() > end) {
      throw new CliError("environment", `${background.name} does not end (process ${state.pid})`, {
        hint: `kill -9 ${state.pid} loses no data`,
      });
    }
    await delay(pollMs);
  }
  return true;
}

export function logPath(folder: string): string {
  return join(folder, "process.log");
}

/** Renamed into place, so that a reader sees the old or the new one. */
export function writePrivate(path: string, value: unknown): void {
  makePrivate(dirname(path));
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Others have to pass through the folders above: the server of the database runs under another account. */
function makePrivate(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

function statePath(folder: string): string {
  return join(folder, "state.json");
}

function isRunning({ pid, startedAt }: BackgroundState): boolean {
  const start = processStart(pid);
  return start !== undefined && (startedAt === undefined || start === startedAt);
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").slice(-logLinesShown).join("\n");
}
