import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { BuildError, systemCodeOf } from "../build-error.ts";
import { layoutLockMs, layoutLockPollMs } from "../limits.ts";

/** Runs a task while no other process does one under the same lock. A lock whose owner is gone is taken away. */
export async function underLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + layoutLockMs;
  while (!(await tryLock(path))) {
    await removeStale(path);
    if (performance.now() > deadline) {
      throw new BuildError(
        "layout_failed",
        `another build holds ${path}: wait for it, or remove the file if there is none`,
      );
    }
    await wait(layoutLockPollMs);
  }
  try {
    return await task();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function removeStale(path: string): Promise<void> {
  const owner = await readFile(path, "utf8").catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT") return "";
    throw error;
  });
  const pid = Number(owner);
  if (owner === "" || !Number.isSafeInteger(pid) || isAlive(pid)) return;
  await rm(path, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) !== "ESRCH";
  }
}
