import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { limits } from "./limits.ts";
import { PostgresError } from "./postgres-error.ts";
import { isAlive, readPostmaster } from "./postmaster-file.ts";
import { readSecrets } from "./server-folder.ts";

/** Stops the server of a folder made by `startPostgres`. False when none runs. */
export async function stopPostgres(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, "secrets.json"))) return false;
  const { data } = readSecrets(folder);
  if (!readPostmaster(data)) return false;
  await stopServer(data);
  return true;
}

/** Stops the server and forgets all of its data. */
export async function removePostgres(folder: string): Promise<void> {
  await stopPostgres(folder);
  if (existsSync(join(folder, "secrets.json"))) rmSync(readSecrets(folder).data, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** Open transactions are rolled back; in the end it is killed, which loses nothing that was acknowledged. */
export async function stopServer(data: string): Promise<void> {
  const running = readPostmaster(data);
  if (!running) return;
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!isAlive(running.pid)) return;
    process.kill(running.pid, signal);
    const end = performance.now() + limits.stopTimeoutMs;
    while (isAlive(running.pid) && performance.now() < end) await delay(limits.pollMs);
  }
  if (isAlive(running.pid)) {
    throw new PostgresError("stop_failed", `the server process ${running.pid} does not end; it runs on ${data}`);
  }
}
