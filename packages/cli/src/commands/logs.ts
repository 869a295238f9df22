import { readLogs } from "@fairway/kube-client";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { followedTailLines } from "../up/limits.ts";
import { platformOption } from "../up/up-options.ts";
import { chosenService, withPlatform } from "../up/with-platform.ts";

export const logsCommand = defineCommand({
  summary: "Print what a service writes",
  description: "The logs of all pods of a service; where there are several, each line begins with its pod.",
  positionals: [{ name: "SERVICE", summary: "its name, with or without -service", required: true }],
  options: {
    ...platformOption,
    follow: { type: "boolean", short: "f", summary: "go on with what comes, over restarts and new pods" },
    tail: { type: "integer", valueName: "N", summary: "the last N lines of each pod (all; with --follow 20)" },
    previous: { type: "boolean", short: "p", summary: "of the containers before their last restart" },
  },
  examples: [
    { command: "fairway logs orders", meaning: "What orders-service wrote" },
    { command: "fairway logs -f gateway-service | jq .message", meaning: "What the gateway writes, as it does" },
  ],
  async run({ terminal, cwd, signal }, { options, positionals: [wanted = ""] }) {
    return withPlatform({ cwd, platform: options.platform, signal }, async ({ client, services }) => {
      const { service, namespace } = chosenService(services, wanted);
      const { follow, previous, tail = follow ? followedTailLines : undefined } = options;
      const lines = readLogs(client, {
        namespace,
        selector: `app.kubernetes.io/name=${service}`,
        follow,
        previous,
        ...(tail === undefined ? {} : { tailLines: tail }),
        signal,
      });
      const pods = new Set<string>();
      for await (const line of lines) {
        pods.add(line.pod);
        terminal.printLine(line, (style) => (pods.size > 1 ? `${style.dim(line.pod)} ${line.text}` : line.text));
      }
      return exitCode.ok;
    });
  },
});
