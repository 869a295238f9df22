import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { findShopHome } from "../shop/shop-home.ts";
import { runningShop, startShop } from "../shop/shop-control.ts";
import { shopOptions } from "../shop/shop-options.ts";
import { setEarlierAside } from "../shop/shop-state.ts";

export const shopStartCommand = defineCommand({
  summary: "Start the reference shop on this machine",
  description:
    "Runs all services as plain processes on one PostgreSQL, on the loopback address. What ends by itself is started again.",
  positionals: [],
  options: shopOptions,
  examples: [
    { command: "fairway shop start", meaning: "Open the shop on http://127.0.0.1:8080" },
    { command: "fairway shop start --set FAILURE_RATE=0.2", meaning: "With a payment provider that often fails" },
  ],
  async run({ terminal, cwd, signal }, { options }) {
    const home = findShopHome(cwd, options.folder);
    const known = runningShop(home);
    const port = options.port ?? 8080;
    if (known === undefined) setEarlierAside(home, terminal);
    const start = () => startShop({ home, port, settings: options.set, signal });
    const state = known ?? (await terminal.progress("starting the shop", start));
    terminal.print(
      { gateway: state.gateway, readyAfterMs: state.readyAfterMs, wasRunning: known !== undefined },
      (style) => {
        const took = known ? "runs already" : `is ready after ${((state.readyAfterMs ?? 0) / 1_000).toFixed(1)} s`;
        return `${style.good("The shop")} ${took}: ${state.gateway}\n${style.dim("fairway shop order places an order, fairway shop stop ends it")}`;
      },
    );
    return exitCode.ok;
  },
});
