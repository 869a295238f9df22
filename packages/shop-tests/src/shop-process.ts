import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { limits } from "./chaos/limits.ts";
import type { ChildProcess } from "node:child_process";

/** What `fairway shop run` writes down about itself. */
export interface ShopState {
  readonly ready: boolean;
  readonly failure?: string;
  readonly gateway: string;
  /** Where the spans of a trace can be asked for. */
  readonly collector: string;
  readonly database: { readonly pid: number };
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly services: readonly { readonly name: string; readonly pid: number; readonly restarts: number }[];
}

export interface ShopProcess {
  /** As it is now: processes that were killed come back under other numbers. */
  state(): ShopState;
  stop(): Promise<void>;
}

const cli = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));

/** A shop of its own, with its own database, in a folder. */
export async function startShop(folder: string, settings: Readonly<Record<string, string>>): Promise<ShopProcess> {
  const args = [cli, "shop", "run", "--folder", folder, "--port", "0"];
  for (const [name, value] of Object.entries(settings)) args.push("--set", `${name}=${value}`);
  const log = openSync(join(folder, "shop.log"), "a");
  const child = spawn(process.execPath, args, { stdio: ["ignore", log, log] });
  const path = join(folder, "control", "state.json");
  const state = (): ShopState => JSON.parse(readFileSync(path, "utf8")) as ShopState;
  const end = performance.now() + limits.startTimeoutMs;
  for (;;) {
    const now = existsSync(path) ? state() : undefined;
    if (now?.ready) return { state, stop: () => stop(child) };
    const ended = child.exitCode !== null;
    if (ended || now?.failure !== undefined || performance.now() > end) {
      await stop(child);
      throw new Error(
        `the shop did not start: ${now?.failure ?? readFileSync(join(folder, "shop.log"), "utf8").slice(-2_000)}`,
      );
    }
    await delay(limits.pollMs);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), limits.stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
