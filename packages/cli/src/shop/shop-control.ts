import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../cli-error.ts";
import { forgetState, readState } from "./shop-state.ts";
import { shopLimits } from "./limits.ts";
import type { ShopHome } from "./shop-home.ts";
import type { ShopState } from "./shop-state.ts";

export interface StartShopOptions {
  readonly home: ShopHome;
  readonly port: number;
  readonly settings: readonly string[];
}

/** The shop that runs in a folder; what a killed one has left behind does not count. */
export function runningShop(home: ShopHome): ShopState | undefined {
  const state = readState(home.folder);
  return state && isAlive(state.pid) ? state : undefined;
}

export function requireShop(home: ShopHome): ShopState {
  const state = runningShop(home);
  if (state?.ready) return state;
  throw new CliError("environment", state ? "the shop is still starting" : "the shop does not run", {
    hint: state ? "wait a moment" : "fairway shop start",
  });
}

/** Starts the process that looks after the shop, detached from this one, and waits until everything is ready. */
export async function startShop(options: StartShopOptions): Promise<ShopState> {
  const { home } = options;
  await requireFreePort(options.port);
  forgetState(home.folder);
  mkdirSync(home.folder, { recursive: true });
  const path = join(home.folder, "shop.log");
  const log = openSync(path, "a", 0o600);
  const args = ["shop", "run", "--folder", home.folder, "--port", String(options.port)];
  for (const setting of options.settings) args.push("--set", setting);
  const child = spawn(process.execPath, [process.argv[1] ?? "", ...args], {
    cwd: home.services,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let ended = false;
  child.once("exit", () => (ended = true));
  child.once("error", () => (ended = true));
  child.unref();
  const end = performance.now() + shopLimits.startTimeoutMs;
  for (;;) {
    const state = readState(home.folder);
    if (state?.ready) return state;
    const failure = state?.failure ?? (ended ? lastLines(path) : undefined);
    if (failure !== undefined || performance.now() > end) {
      if (!ended) await stopShop(home);
      throw new CliError("environment", `the shop did not start: ${failure ?? "it took too long"}`, {
        hint: `the logs are in ${home.folder}`,
      });
    }
    await delay(shopLimits.pollMs);
  }
}

/** False when none runs. */
export async function stopShop(home: ShopHome): Promise<boolean> {
  const state = runningShop(home);
  if (!state) return false;
  process.kill(state.pid, "SIGTERM");
  const end = performance.now() + shopLimits.stopTimeoutMs + shopLimits.startTimeoutMs;
  while (isAlive(state.pid)) {
    if (performance.now() > end) throw new CliError("environment", `the process ${state.pid} does not end`);
    await delay(shopLimits.pollMs);
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Signal 0 only asks whether the process is there.
    return false;
  }
}

async function requireFreePort(port: number): Promise<void> {
  if (port === 0) return;
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
  if (free) return;
  throw new CliError("environment", `port ${port} is taken by another program`, {
    hint: "end that program, or choose another port with --port",
  });
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").slice(-5).join("\n");
}
