import { spawn } from "node:child_process";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { throughIngress } from "../up/addresses.ts";
import { serviceStates } from "../up/service-state.ts";
import { platformOption } from "../up/up-options.ts";
import { chosenService, withRunningPlatform } from "../up/with-platform.ts";

export const openCommand = defineCommand({
  summary: "Open the platform in the browser",
  positionals: [{ name: "SERVICE", summary: "the one with the shortest public path by default" }],
  options: { ...platformOption, print: { type: "boolean", summary: "only print the address" } },
  examples: [
    { command: "fairway open", meaning: "The front door" },
    { command: "curl $(fairway open orders --print)", meaning: "The address of one service" },
  ],
  async run({ terminal, cwd, env, signal }, { options, positionals: [wanted] }) {
    const question = { terminal, cwd, platform: options.platform, signal };
    return withRunningPlatform(question, async ({ control, client, services }) => {
      const chosen = wanted === undefined ? services : [chosenService(services, wanted)];
      const states = await serviceStates(client, chosen);
      const addresses = states.flatMap(({ addresses: own }) => own).map(throughIngress(control.ingress ?? ""));
      const [address] = addresses.toSorted((a, b) => a.length - b.length);
      if (address === undefined) {
        throw new CliError("not-found", `${wanted ?? "the platform"} has no address from outside`, {
          hint: "http.public in service.yaml names the paths that lead to it",
        });
      }
      terminal.print({ address }, () => address);
      if (!options.print && !terminal.json) openInBrowser(address, env);
      return exitCode.ok;
    });
  },
});

/** Where there is no screen, the printed address has to do. */
function openInBrowser(address: string, env: Readonly<Record<string, string | undefined>>): void {
  const hasScreen =
    process.platform === "darwin" || env["DISPLAY"] !== undefined || env["WAYLAND_DISPLAY"] !== undefined;
  if (!hasScreen) return;
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(program, [address], { detached: true, stdio: "ignore" })
    .on("error", () => undefined)
    .unref();
}
