import { done, hasCode, requeueAfter, resources, toMicroTimestamp, watching } from "../loop/index.ts";
import type { Api, Clock, Controller, Informer, Outcome } from "../loop/index.ts";
import { isConditionTrue } from "../model/condition.ts";
import type { Node, Taint } from "../model/node.ts";
import { heartbeatMs, leaseSeconds } from "./limits.ts";
import { isSilent, simulatedNode, simulatedStatus, type SimulatedNodeSize } from "./simulated-node.ts";

export interface NodeKeeperParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly nodes: Informer<Node>;
  /** Their numbers, by name. */
  readonly indexes: ReadonlyMap<string, number>;
  readonly size: SimulatedNodeSize;
  readonly taints: readonly Taint[];
}

const leases = "kube-node-lease";

/** What the kubelets of all simulated nodes do for their nodes: register them, and say again and again that they are well. */
export function nodeKeeper(parts: NodeKeeperParts): Controller {
  const { nodes, indexes } = parts;
  const registered = new Set<string>();
  const beatenAt = new Map<string, number>();
  return {
    name: "simulated-nodes",
    watches: [
      { subscribe: (add) => [...indexes.keys()].forEach(add) },
      watching(nodes, ({ metadata: { name = "" } }) => (indexes.has(name) ? [name] : [])),
    ],
    reconcile: async (name) => {
      const index = indexes.get(name) ?? 0;
      const node = nodes.get("", name);
      if (node === undefined) {
        // Whoever deletes one wants to see what becomes of its pods: it comes back with the next start.
        if (registered.has(name)) return done;
        registered.add(name);
        await parts.api.create<Node>(resources.nodes, simulatedNode(index, parts.taints));
        return done;
      }
      registered.add(name);
      if (isSilent(node)) return done;
      return heartbeat(parts, { node, index, name }, beatenAt);
    },
  };
}

interface Beating {
  readonly node: Node;
  readonly index: number;
  readonly name: string;
}

async function heartbeat(
  { api, clock, size }: NodeKeeperParts,
  { node, index, name }: Beating,
  beatenAt: Map<string, number>,
): Promise<Outcome> {
  const now = clock.now();
  const isReady = isConditionTrue(node.status?.conditions, "Ready");
  const rest = (beatenAt.get(name) ?? Number.NEGATIVE_INFINITY) + heartbeatMs - now;
  if (isReady && rest > 0) return requeueAfter(rest);
  if (!isReady || !beatenAt.has(name))
    await api.update<Node>(resources.nodes, { ...node, status: simulatedStatus(node, index, size, now) }, "status");
  await renewLease(api, node, now);
  beatenAt.set(name, now);
  return requeueAfter(heartbeatMs);
}

async function renewLease(api: Api, { metadata: { name = "", uid } }: Node, now: number): Promise<void> {
  const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime: toMicroTimestamp(now) };
  try {
    await api.patch(resources.leases, { namespace: leases, name }, { spec });
  } catch (error) {
    if (!hasCode(error, "not-found")) throw error;
    const ownerReferences = [{ apiVersion: "v1", kind: "Node", name, uid }];
    await api.create(resources.leases, { metadata: { namespace: leases, name, ownerReferences }, spec });
  }
}
