import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { controlFolder, readPlan } from "../up/control-plan.ts";
import { runControl } from "../up/run-control.ts";

export const controlRunCommand = defineCommand({
  summary: "Run what fairway up leaves in the background",
  description:
    "PostgreSQL, the cluster and the ingress of the last `fairway up`, until Ctrl-C. With SIGHUP it ends without ending pods and database.",
  positionals: [],
  options: { state: { type: "string", valueName: "DIR", summary: "the folder with everything (.fairway)" } },
  examples: [{ command: "fairway control run", meaning: "See what the control process says" }],
  async run({ terminal, cwd, signal }, { options }) {
    const state = resolve(cwd, options.state ?? ".fairway");
    const plan = readPlan(controlFolder(state));
    if (plan === undefined) {
      throw new CliError("not-found", `nothing was ever up in ${state}`, { hint: "fairway up" });
    }
    await runControl({ state, plan, signal, log: (line) => terminal.note(line) });
    return exitCode.ok;
  },
});
