import { defineCommand } from "../command/command.ts";
import { develop } from "../dev/dev-session.ts";
import { describeDev } from "../dev/print-dev.ts";
import { exitCode } from "../exit-code.ts";
import { throughIngress } from "../up/addresses.ts";
import { ensureControl } from "../up/control.ts";
import { planOf } from "../up/control-plan.ts";
import { embeddedFoundation } from "../up/foundation.ts";
import { ports } from "../up/limits.ts";
import { serviceStates } from "../up/service-state.ts";
import { platformOption } from "../up/up-options.ts";
import { chosenService, withPlatform } from "../up/with-platform.ts";

export const devCommand = defineCommand({
  summary: "Roll out a service at every save",
  description:
    "Watches a service and the packages of this repository that it is built on. After each save its image is built as\nfairway build does, and rolled out in the cluster of fairway up; a saved description, of this or any other service, is applied there as\nfairway up would. What does not compile, is described wrongly or does not start leaves the version before in its place.",
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
    return withPlatform(
      { cwd, platform: options.platform, signal },
      async ({ workspace, control, client, services }) => {
        const { service } = chosenService(services, name);
        const { environment, runtime, apiPort } = control.plan;
        const states = await serviceStates(client, services);
        const through = throughIngress(control.ingress ?? "http://localhost");
        const addresses = [...new Set(states.flatMap((state) => state.addresses))].map(through);
        const place = { service, cwd, addresses };
        await develop({
          place: workspace,
          environment,
          service,
          async prepare(described) {
            const plan = planOf(described, { environment, runtime, portOffset: apiPort - ports.api });
            await ensureControl(described, plan, signal);
            return embeddedFoundation(described, plan, new Map());
          },
          client,
          signal,
          report: (event) => terminal.printLine(event, (style) => describeDev(event, place, style)),
        });
        return exitCode.ok;
      },
    );
  },
});
