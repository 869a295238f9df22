import type { KubeClient } from "@fairway/kube-client";
import { ControllerRun, createApi, resources, systemClock, unless } from "../loop/index.ts";
import type { Clock, Informers } from "../loop/index.ts";
import type { Node } from "../model/node.ts";
import type { Pod } from "../model/pod.ts";
import { simulatedNodesMax } from "./limits.ts";
import { nodeKeeper } from "./node-keeper.ts";
import { podKeeper } from "./pod-keeper.ts";
import { simulatedLabel, simulatedName, simulatedTaint, type SimulatedNodeSize } from "./simulated-node.ts";

export interface SimulatedNodesOptions extends SimulatedNodeSize {
  readonly count: number;
  /** There is a real node too: only pods that tolerate it come to a simulated one. */
  readonly isBesideReal: boolean;
  /** What is known of the cluster; whoever made them ends them. */
  readonly informers: Informers;
  readonly log: (line: string) => void;
  readonly clock?: Clock;
}

export interface RunningSimulatedNodes {
  readonly close: () => Promise<void>;
}

/**
 * Nodes without a machine: the scheduler places pods on them, and these seem to run, so that a cluster of any size can be rehearsed. Nodes that
 * an earlier start made and this one doesn't want go.
 */
export async function startSimulatedNodes(
  client: KubeClient,
  { count, cpu, memory, isBesideReal, informers, log, clock = systemClock }: SimulatedNodesOptions,
): Promise<RunningSimulatedNodes> {
  if (count > simulatedNodesMax) throw new RangeError(`${count} simulated nodes are more than ${simulatedNodesMax}`);
  const api = createApi(client, "kubelet", informers);
  const ending = new AbortController();
  const indexes = new Map(Array.from({ length: count }, (_, index) => [simulatedName(index), index]));
  const nodes = informers.of<Node>(resources.nodes);
  const pods = informers.of<Pod>(resources.pods);
  const taints = isBesideReal ? [simulatedTaint] : [];
  const controllers = [
    nodeKeeper({ api, clock, nodes, indexes, size: { cpu, memory }, taints }),
    podKeeper({ api, clock, nodes, pods, indexes }),
  ];
  const runs = controllers.map((each) => new ControllerRun(each, { clock, log, signal: ending.signal }));
  await informers.start();
  for (const node of nodes.list()) {
    const { name = "", labels = {} } = node.metadata;
    if (labels[simulatedLabel] !== undefined && !indexes.has(name))
      await unless(["not-found"], api.delete(resources.nodes, node));
  }
  for (const run of runs) run.start();
  return {
    close: async () => {
      ending.abort();
      await Promise.all(runs.map((run) => run.close()));
    },
  };
}
