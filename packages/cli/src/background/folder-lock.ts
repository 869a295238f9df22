import { linkSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writePrivate } from "./background-process.ts";
import { processStart } from "./process-start.ts";

interface Holder {
  readonly pid: number;
  readonly startedAt?: string;
}

const pollMs = 50;

/** Does something alone among all processes that ask for the lock of this folder. A holder that was killed holds nothing any more. */
export async function withFolderLock<T>(folder: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const path = lockPath(folder);
  while (!take(path)) {
    if (!isFolderLocked(folder)) rmSync(path, { force: true });
    else await delay(pollMs, undefined, { signal });
  }
  try {
    return await task();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Whether somebody who is still there holds it. */
export function isFolderLocked(folder: string): boolean {
  const holder = readHolder(lockPath(folder));
  if (holder === undefined) return false;
  const start = processStart(holder.pid);
  return start !== undefined && start === holder.startedAt;
}

/** Linked into place with its holder in it, so that nobody sees a lock without one. */
function take(path: string): boolean {
  const draft = `${path}.${process.pid}.draft`;
  writePrivate(draft, { pid: process.pid, startedAt: processStart(process.pid) });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch (error) {
    // Its holder has just given it back.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function lockPath(folder: string): string {
  return join(folder, "lock.json");
}
