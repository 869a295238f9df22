import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "./store.ts";

/**
 * Takes the folder for this process, because two writers would give out the same revisions. The lock of a process that was killed is
 * taken over; a process number that now belongs to another program is told apart by its start time.
 */
export function takeFolder(folder: string): () => void {
  const lock = join(folder, "owner");
  const mine = ownerLine(process.pid);
  const draft = join(folder, `owner.${process.pid}`);
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    if (link(draft, lock)) return () => rmSync(lock, { force: true });
    const owner = readFileSync(lock, "utf8");
    const pid = Number.parseInt(owner, 10);
    if (owner === ownerLine(pid) && isRunning(pid))
      throw new StoreError(
        "locked",
        `Process ${pid} has the store in ${folder} open. End it first, or choose another folder.`,
      );
    rmSync(lock, { force: true });
    if (link(draft, lock)) return () => rmSync(lock, { force: true });
    throw new StoreError(
      "locked",
      `Another process has just opened the store in ${folder}. End it first, or choose another folder.`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Linking is atomic: of two who try at once one wins. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function ownerLine(pid: number): string {
  return `${pid} ${startTime(pid)}\n`;
}

/** In clock ticks since the machine started, where the kernel tells; empty elsewhere, and of one that ended and nobody has looked. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
