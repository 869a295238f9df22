import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { memoryOf } from "../background/memory-use.ts";
import { throughIngress } from "../up/addresses.ts";
import { isWell, serviceStates } from "../up/service-state.ts";
import { serviceTable } from "../up/service-table.ts";
import { platformOption } from "../up/up-options.ts";
import { withRunningPlatform } from "../up/with-platform.ts";

export const statusCommand = defineCommand({
  summary: "Say how the services of the platform are",
  positionals: [],
  options: platformOption,
  examples: [
    { command: "fairway status", meaning: "A line for each service" },
    { command: "fairway status --json | jq '.services[] | select(.health != \"healthy\")'", meaning: "What is wrong" },
  ],
  async run({ terminal, cwd, signal }, { options }) {
    const question = { terminal, cwd, platform: options.platform, signal };
    return withRunningPlatform(question, async ({ control, client, services: wanted, problems }) => {
      const services = await serviceStates(client, wanted);
      const { plan, pid, api, kubeconfig, ingress = "" } = control;
      const bytes = memoryOf(pid, { withChildren: true });
      const { environment, runtime } = plan;
      terminal.print({ environment, runtime, pid, api, kubeconfig, ingress, bytes, services, problems }, (style) =>
        [
          serviceTable(services, style, throughIngress(ingress)),
          "",
          style.dim(`environment ${environment}, runtime ${runtime}, control process ${pid}`),
          style.dim(`export KUBECONFIG=${kubeconfig ?? ""}`),
        ].join("\n"),
      );
      return services.every(isWell) ? exitCode.ok : exitCode.problemsFound;
    });
  },
});
