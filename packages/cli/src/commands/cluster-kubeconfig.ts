import { defineCommand } from "../command/command.ts";
import { CliError } from "../cli-error.ts";
import { clusterFolder, dataOption } from "../cluster/cluster-options.ts";
import { runningCluster } from "../cluster/cluster-state.ts";
import { exitCode } from "../exit-code.ts";

export const clusterKubeconfigCommand = defineCommand({
  summary: "Print where the kubeconfig of the embedded cluster is",
  positionals: [],
  options: dataOption,
  examples: [
    { command: "export KUBECONFIG=$(fairway cluster kubeconfig)", meaning: "kubectl speaks to it from now on" },
  ],
  async run({ terminal, cwd }, { options }) {
    const state = runningCluster(clusterFolder(cwd, options.data));
    if (!state?.kubeconfig)
      throw new CliError("environment", "no cluster runs here", { hint: "fairway cluster start --detach" });
    const { kubeconfig } = state;
    terminal.print({ kubeconfig }, () => kubeconfig);
    return exitCode.ok;
  },
});
