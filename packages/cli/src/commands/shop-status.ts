import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { findShopHome } from "../shop/shop-home.ts";
import { folderOption } from "../shop/shop-options.ts";
import { isReady } from "../shop/supervisor.ts";
import { memoryOf } from "../background/memory-use.ts";
import { runningShop } from "../shop/shop-control.ts";
import { table } from "../terminal/table.ts";

export const shopStatusCommand = defineCommand({
  summary: "Say which parts of the reference shop run, and what they use",
  positionals: [],
  options: folderOption,
  examples: [{ command: "fairway shop status", meaning: "Is everything ready?" }],
  async run({ terminal, cwd }, { options }) {
    const state = runningShop(findShopHome(cwd, options.folder));
    if (!state) {
      terminal.print({ running: false, parts: [] }, () => "The shop does not run. fairway shop start opens it.");
      return exitCode.problemsFound;
    }
    const services = await Promise.all(
      state.services.map(async (each) => ({
        ...each,
        ready: await isReady(each.url),
        bytes: memoryOf(each.pid, { withChildren: false }),
      })),
    );
    const database = {
      name: "postgresql",
      ...state.database,
      bytes: memoryOf(state.database.pid, { withChildren: true }),
    };
    const control = memoryOf(state.pid, { withChildren: false });
    const total = services.reduce((sum, each) => sum + each.bytes, database.bytes + control);
    const ready = services.every((each) => each.ready);
    terminal.print({ running: true, ready, services, database, controlBytes: control, totalBytes: total }, (style) =>
      table([
        ...services.map((each) => [
          each.ready ? style.good("ready") : style.bad("not ready"),
          each.name,
          each.url,
          megabytes(each.bytes),
          each.restarts === 0 ? "" : `started again ${each.restarts} times`,
        ]),
        [style.good("runs"), database.name, `127.0.0.1:${database.port}`, megabytes(database.bytes), ""],
        [style.good("runs"), "control process", state.collector, megabytes(control), ""],
        ["", "together", "", megabytes(total), ""],
      ]),
    );
    return ready ? exitCode.ok : exitCode.problemsFound;
  },
});

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}
