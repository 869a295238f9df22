import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { findShopHome } from "../shop/shop-home.ts";
import { folderOption } from "../shop/shop-options.ts";
import { stopShop } from "../shop/shop-control.ts";

export const shopStopCommand = defineCommand({
  summary: "Stop the reference shop; its data stays",
  positionals: [],
  options: folderOption,
  examples: [{ command: "fairway shop stop", meaning: "End all services and the database" }],
  async run({ terminal, cwd }, { options }) {
    const home = findShopHome(cwd, options.folder);
    const stopped = await terminal.progress("stopping the shop", () => stopShop(home));
    terminal.print({ stopped }, () => (stopped ? "The shop is closed; its data stays." : "The shop did not run."));
    return exitCode.ok;
  },
});
