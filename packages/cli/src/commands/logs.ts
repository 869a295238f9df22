import { readLogs, requireSuccess, type KubeClient } from "@fairway/kube-client";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { followedTailLines } from "../up/limits.ts";
import { platformOption } from "../up/up-options.ts";
import { chosenService, withRunningPlatform } from "../up/with-platform.ts";

export const logsCommand = defineCommand({
  summary: "Print what a service writes",
  description: "The logs of all pods of a service; where there are several, each line begins with its pod.",
  positionals: [{ name: "SERVICE", summary: "its name, with or without -service", required: true }],
  options: {
    ...platformOption,
    follow: { type: "boolean", short: "f", summary: "go on with what comes, over restarts and new pods" },
    tail: { type: "integer", valueName: "N", min: 0, summary: "the last N lines of each pod (all; with --follow 20)" },
    previous: { type: "boolean", short: "p", summary: "of the containers before their last restart" },
  },
  examples: [
    { command: "fairway logs orders", meaning: "What orders-service wrote" },
    { command: "fairway logs -f gateway-service | jq .message", meaning: "What the gateway writes, as it does" },
  ],
  async run({ terminal, cwd, signal }, { options, positionals: [wanted = ""] }) {
    return withRunningPlatform({ terminal, cwd, platform: options.platform, signal }, async ({ client, services }) => {
      const { service, namespace } = chosenService(services, wanted);
      const { follow, previous, tail = follow ? followedTailLines : undefined } = options;
      const selector = `app.kubernetes.io/name=${service}`;
      // Where there are several, the first line tells it too.
      const pods = new Set(await podNames(client, namespace, selector));
      const lines = readLogs(client, {
        namespace,
        selector,
        follow,
        previous,
        ...(tail === undefined ? {} : { tailLines: tail }),
        signal,
      });
      for await (const line of lines) {
        pods.add(line.pod);
        terminal.printLine(line, (style) => (pods.size > 1 ? `${style.dim(line.pod)} ${line.text}` : line.text));
      }
      return signal.aborted ? exitCode.interrupted : exitCode.ok;
    });
  },
});

async function podNames(client: KubeClient, namespace: string, labelSelector: string): Promise<readonly string[]> {
  const request = { method: "GET", path: `/api/v1/namespaces/${namespace}/pods`, query: { labelSelector } } as const;
  const { items } = requireSuccess(request, await client.request(request)) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  return items.map(({ metadata }) => metadata.name);
}
