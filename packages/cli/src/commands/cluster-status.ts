import { defineCommand } from "../command/command.ts";
import { clusterFolder, dataOption } from "../cluster/cluster-options.ts";
import { runningCluster } from "../cluster/cluster-state.ts";
import { exitCode } from "../exit-code.ts";
import { memoryOf } from "../background/memory-use.ts";

export const clusterStatusCommand = defineCommand({
  summary: "Say whether the embedded cluster runs, and what it uses",
  positionals: [],
  options: dataOption,
  examples: [{ command: "fairway cluster status", meaning: "Is it there?" }],
  async run({ terminal, cwd }, { options }) {
    const state = runningCluster(clusterFolder(cwd, options.data));
    if (!state) {
      terminal.print({ running: false }, () => "No cluster runs here. fairway cluster start --detach starts one.");
      return exitCode.problemsFound;
    }
    const bytes = memoryOf(state.pid, { withChildren: false });
    terminal.print({ running: true, ...state, bytes }, (style) =>
      [
        `${state.ready ? style.good("ready") : style.bad("starting")}  ${state.url ?? ""}`,
        `process ${state.pid}, ${Math.round(bytes / 1024 / 1024)} MB`,
        style.dim(`export KUBECONFIG=${state.kubeconfig ?? ""}`),
      ].join("\n"),
    );
    return state.ready ? exitCode.ok : exitCode.problemsFound;
  },
});
