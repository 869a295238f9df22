import { defineCommand } from "../command/command.ts";
import { stopCluster } from "../cluster/cluster-control.ts";
import { clusterFolder, dataOption } from "../cluster/cluster-options.ts";
import { exitCode } from "../exit-code.ts";

export const clusterStopCommand = defineCommand({
  summary: "Stop the embedded cluster and its pods; its data stays",
  positionals: [],
  options: dataOption,
  examples: [{ command: "fairway cluster stop", meaning: "End pods, controllers and API server" }],
  async run({ terminal, cwd }, { options }) {
    const folder = clusterFolder(cwd, options.data);
    const stopped = await terminal.progress("stopping the cluster", () => stopCluster(folder));
    terminal.print({ stopped }, () => (stopped ? "The cluster has stopped; its data stays." : "No cluster ran."));
    return exitCode.ok;
  },
});
