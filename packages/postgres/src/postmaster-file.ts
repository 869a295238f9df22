import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** What a running server writes into its data folder (`postmaster.pid`). */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** The server that runs on a data folder; undefined when the file is absent, half written or left behind by a dead one. */
export function readPostmaster(data: string): Postmaster | undefined {
  const path = join(data, "postmaster.pid");
  if (!existsSync(path)) return undefined;
  const lines = readText(path).split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !isServer(pid, data)) return undefined;
  return { pid, port: Number.isInteger(port) ? port : 0, ready: lines[7]?.trim() === "ready" };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // It may have gone since the look at it.
    if (!existsSync(path)) return "";
    throw error;
  }
}

/** Process ids are used again, so a living process is not yet this server. */
function isServer(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") return commandOf(pid).includes("postgres");
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres") && workFolder(pid) !== "other";
  } catch (error) {
    if (!isAlive(pid)) return false;
    throw error;
  }

  function workFolder(of: number): "ours" | "other" | "unknown" {
    try {
      return readlinkSync(`/proc/${of}/cwd`) === data ? "ours" : "other";
    } catch {
      // Another user's process does not say where it is.
      return "unknown";
    }
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    // ps answers with a failure for a process that has ended.
    return "";
  }
}

/** A zombie has ended, even if nobody has asked for its exit code yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  if (process.platform !== "linux") return true;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // It ended between the two questions.
    return false;
  }
}
