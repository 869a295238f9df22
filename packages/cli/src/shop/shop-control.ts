import {
  runningState,
  startInBackground,
  stopInBackground,
  type Background,
} from "../background/background-process.ts";
import { isFreePort } from "../background/free-port.ts";
import { CliError } from "../cli-error.ts";
import { shopLimits } from "./limits.ts";
import { shopControlFolder, type ShopHome } from "./shop-home.ts";
import type { ShopState } from "./shop-state.ts";

export interface StartShopOptions {
  readonly home: ShopHome;
  readonly port: number;
  readonly settings: readonly string[];
  readonly signal: AbortSignal;
}

export function runningShop(home: ShopHome): ShopState | undefined {
  return runningState<ShopState>(shopControlFolder(home));
}

export function requireShop(home: ShopHome): ShopState {
  const state = runningShop(home);
  if (state?.ready) return state;
  throw new CliError("environment", state ? "the shop is still starting" : "the shop does not run", {
    hint: state ? "wait a moment" : "fairway shop start",
  });
}

/** Starts the process that looks after the shop, detached from this one, and waits until everything is ready. */
export async function startShop({ home, port, settings, signal }: StartShopOptions): Promise<ShopState> {
  if (port !== 0 && !(await isFreePort(port))) {
    throw new CliError("environment", `port ${port} is taken by another program`, {
      hint: "end that program, or choose another port with --port",
    });
  }
  const words = ["shop", "run", "--folder", home.folder, "--port", String(port)];
  return startInBackground(shopIn(home), [...words, ...settings.flatMap((setting) => ["--set", setting])], signal);
}

/** False when none runs. */
export async function stopShop(home: ShopHome): Promise<boolean> {
  return stopInBackground(shopIn(home));
}

function shopIn(home: ShopHome): Background {
  const { startTimeoutMs, stopTimeoutMs } = shopLimits;
  return {
    folder: shopControlFolder(home),
    name: "the shop",
    startTimeoutMs,
    stopTimeoutMs: stopTimeoutMs + startTimeoutMs,
  };
}
