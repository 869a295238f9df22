import { mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { processStart } from "./process-start.ts";

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

const pollMs = 50;

export interface FolderLockOptions {
  readonly signal?: AbortSignal;
  /** Where nothing can be written, nobody else changes anything either: then it is done without the lock. */
  readonly evenReadOnly?: boolean;
}

/** Does something alone among all processes that ask for the lock of this folder. A holder that was killed holds nothing any more. */
export async function withFolderLock<T>(
  folder: string,
  task: () => Promise<T>,
  { signal, evenReadOnly = false }: FolderLockOptions = {},
): Promise<T> {
  const path = lockPath(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let taken = take(path); taken !== "taken"; taken = take(path)) {
    if (taken instanceof Error) {
      if (evenReadOnly) return task();
      throw taken;
    }
    if (!isFolderLocked(folder)) rmSync(path, { force: true });
    else await delay(pollMs, undefined, signal === undefined ? {} : { signal });
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

/** A link that leads nowhere and names its holder: it is there as a whole or not at all, also on a disk that is full. */
function take(path: string): "taken" | "held" | Error {
  try {
    symlinkSync(`${process.pid} ${processStart(process.pid) ?? ""}`, path);
    return "taken";
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return "code" in error && error.code === "EEXIST" ? "held" : error;
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const [, pid = "", startedAt = ""] = /^(\d+) (.*)$/su.exec(readlinkSync(path)) ?? [];
    return { pid: Number(pid), startedAt };
  } catch (error) {
    // Its holder has just given it back, or it is no lock of ours.
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EINVAL")) {
      return undefined;
    }
    throw error;
  }
}

function lockPath(folder: string): string {
  return join(folder, "lock");
}
