import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { followControl, runningControl, stopControl } from "../up/control.ts";
import { upEmbedded } from "../up/up-embedded.ts";
import { chosenPlan, givenSecrets, platformOption } from "../up/up-options.ts";
import { withKnownFailures } from "../up/known-failures.ts";
import { printUp } from "../up/print-up.ts";
import { isWell } from "../up/service-state.ts";
import { openWorkspace } from "../up/workspace.ts";

export const upCommand = defineCommand({
  summary: "Run the whole platform on this machine",
  description:
    "Builds the images, starts PostgreSQL and an embedded Kubernetes cluster, applies the charts of one environment, and waits until every service is ready. It ends with Ctrl-C, or goes on in the background with --detach. A second `fairway up` brings what has changed.",
  positionals: [],
  options: {
    ...platformOption,
    env: { type: "string", valueName: "ENV", summary: "the environment (the last one, or dev)" },
    detach: { type: "boolean", short: "d", summary: "go on in the background; fairway down ends it" },
    runtime: {
      type: "string",
      valueName: "NAME",
      choices: ["process", "oci"],
      summary: "how containers run (oci where the machine has runc and CNI plugins, else process)",
    },
    "port-offset": { type: "integer", valueName: "N", summary: "added to the ports 6443 and 8080 (the last one)" },
    secret: { type: "strings", valueName: "NAME/KEY=VALUE", summary: "a value for a secret, in place of one made up" },
  },
  examples: [
    { command: "fairway up", meaning: "Everything, until Ctrl-C" },
    { command: "fairway up --detach && fairway open", meaning: "In the background, and open it in the browser" },
    { command: "fairway up --port-offset 100", meaning: "A second platform beside the first" },
  ],
  async run({ terminal, cwd, signal }, { options }) {
    const workspace = await openWorkspace(cwd, options.platform);
    const began = performance.now();
    // What runs in the background already goes on there, however this ends.
    let goesOn = runningControl(workspace) !== undefined;
    try {
      const wanted = {
        ...chosenPlan(workspace, options),
        secrets: givenSecrets(options.secret),
        signal,
      };
      const up = await terminal.progress("bringing the platform up", (progress) =>
        withKnownFailures(() => upEmbedded(workspace, { ...wanted, progress })),
      );
      goesOn ||= options.detach;
      printUp(terminal, up, { seconds: (performance.now() - began) / 1_000, inBackground: goesOn });
      if (goesOn) return up.services.every(isWell) ? exitCode.ok : exitCode.problemsFound;
      await followControl(workspace, signal);
    } finally {
      if (!goesOn) await terminal.progress("stopping the platform", () => stopControl(workspace));
    }
    return exitCode.ok;
  },
});
