import { defineCommand } from "../command/command.ts";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import { findShopHome } from "../shop/shop-home.ts";
import { setEarlierAside } from "../shop/shop-state.ts";
import { superviseShop } from "../shop/supervisor.ts";
import { shopOptions } from "../shop/shop-options.ts";

export const shopRunCommand = defineCommand({
  summary: "Run the reference shop in the foreground",
  description: "What `fairway shop start` leaves in the background: it ends with Ctrl-C.",
  positionals: [],
  options: shopOptions,
  examples: [{ command: "fairway shop run", meaning: "Run the shop until Ctrl-C" }],
  async run({ terminal, cwd, signal }, { options }) {
    const home = findShopHome(cwd, options.folder);
    setEarlierAside(home, terminal);
    await superviseShop({
      home,
      port: options.port ?? 8080,
      settings: Object.fromEntries(options.set.map(settingOf)),
      signal,
    });
    return exitCode.ok;
  },
});

function settingOf(text: string): readonly [string, string] {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new CliError("bad-usage", `--set ${text} is no NAME=VALUE`);
}
