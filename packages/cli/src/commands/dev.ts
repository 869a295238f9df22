import { defineCommand } from "../command/command.ts";
import { CliError } from "../cli-error.ts";
import { develop } from "../dev/dev-session.ts";
import { describeDev } from "../dev/print-dev.ts";
import { exitCode } from "../exit-code.ts";
import { throughIngress } from "../up/addresses.ts";
import { serviceStates } from "../up/service-state.ts";
import { platformOption } from "../up/up-options.ts";
import { chosenService, withPlatform } from "../up/with-platform.ts";

export const devCommand = defineCommand({
  summary: "Roll out a service at every save",
  description:
    "Watches a service and the packages of this repository that it is built on. After each save its image is built as\nfairway build does, and rolled out in the cluster of fairway up; what does not compile or does not start leaves the\nversion before in its place.",
  positionals: [{ name: "SERVICE", summary: "its name, with or without -service", required: true }],
  options: platformOption,
  examples: [
    { command: "fairway up --detach && fairway dev orders", meaning: "Work on the orders-service" },
    {
      command: "fairway dev gateway --json | jq .tookMs",
      meaning: "From each save to the new version, in milliseconds",
    },
  ],
  async run({ terminal, cwd, signal }, { options, positionals: [name = ""] }) {
    return withPlatform({ cwd, platform: options.platform }, async ({ workspace, control, client, services }) => {
      const wanted = chosenService(services, name);
      const source = workspace.sources.find(({ service }) => service.metadata.name === wanted.service);
      if (source === undefined) throw new CliError("not-found", `${wanted.service} has no folder`);
      const states = await serviceStates(client, services);
      const through = throughIngress(control.ingress ?? "http://localhost");
      const addresses = [...new Set(states.flatMap((state) => state.addresses))].map(through);
      const place = { service: wanted.service, cwd, addresses };
      await develop({
        workspace,
        client,
        wanted,
        source,
        signal,
        report: (event) => terminal.printLine(event, (style) => describeDev(event, place, style)),
      });
      return exitCode.ok;
    });
  },
});
