import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { forgetEverything, keptParts, stopControl } from "../up/control.ts";
import { platformOption } from "../up/up-options.ts";
import { findRunningPlace } from "../up/running-place.ts";

export const resetCommand = defineCommand({
  summary: "Stop the platform on this machine and forget its data",
  description: "Databases, cluster state, secrets and images go; sources and the installed program stay.",
  positionals: [],
  options: {
    ...platformOption,
    yes: { type: "boolean", short: "y", summary: "do it; without this it only says what would go" },
  },
  examples: [
    { command: "fairway reset", meaning: "See what would be forgotten" },
    { command: "fairway reset --yes", meaning: "Forget it" },
  ],
  async run({ terminal, cwd }, { options }) {
    const place = findRunningPlace(cwd, options.platform);
    const folders = keptParts.map((part) => join(place.state, part)).filter((path) => existsSync(path));
    if (options.yes)
      await terminal.progress("forgetting the platform's data", async () => {
        await stopControl(place);
        await forgetEverything(place);
      });
    terminal.print({ folders, forgotten: options.yes }, (style) => {
      if (folders.length === 0) return "There is nothing to forget.";
      const list = folders.map((path) => `  ${relative(cwd, path)}`).join("\n");
      return options.yes
        ? `Forgotten:\n${list}`
        : `This would be forgotten:\n${list}\n${style.dim("fairway reset --yes does it")}`;
    });
    return options.yes || folders.length === 0 ? exitCode.ok : exitCode.problemsFound;
  },
});
