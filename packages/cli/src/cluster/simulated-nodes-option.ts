import { simulatedNodesMax, type ClusterOptions } from "@fairway/cluster";
import { CliError } from "../cli-error.ts";

/** `3`, `3:8,32Gi`. */
export function simulatedNodesOf(text: string): NonNullable<ClusterOptions["simulatedNodes"]> {
  const [, count, cpu = "4", memory = "16Gi"] =
    /^(\d+)(?::(\d+(?:\.\d+)?m?),(\d+(?:\.\d+)?(?:[KMGT]i?)?))?$/.exec(text) ?? [];
  if (count === undefined)
    throw new CliError("bad-usage", `--simulated-nodes ${text} is no N[:CPU,MEMORY]`, { hint: "3, or 3:8,32Gi" });
  if (Number(count) > simulatedNodesMax)
    throw new CliError("bad-usage", `--simulated-nodes ${count}: there can be ${simulatedNodesMax} at most`);
  return { count: Number(count), cpu, memory };
}
