import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { stopControl } from "../up/control.ts";
import { platformOption } from "../up/up-options.ts";
import { findRunningPlace } from "../up/running-place.ts";

export const downCommand = defineCommand({
  summary: "Stop the platform on this machine; its data stays",
  description:
    "Ends the ingress, the pods, the cluster and PostgreSQL, and whatever a killed `fairway up` left running.",
  positionals: [],
  options: platformOption,
  examples: [{ command: "fairway down", meaning: "The next fairway up goes on where it was" }],
  async run({ terminal, cwd }, { options }) {
    const place = findRunningPlace(cwd, options.platform);
    const stopped = await terminal.progress("stopping the platform", () => stopControl(place));
    terminal.print({ stopped }, () => (stopped ? "The platform has stopped; its data stays." : "Nothing ran."));
    return exitCode.ok;
  },
});
