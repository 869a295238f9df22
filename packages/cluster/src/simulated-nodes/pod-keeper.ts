import { done, keyOf, requeueAfter, resources, splitKey, unless, watching } from "../loop/index.ts";
import type { Api, Clock, Controller, Informer, Outcome } from "../loop/index.ts";
import type { Node } from "../model/node.ts";
import { isFinished, isReady, isTerminating, phaseOf, type Pod } from "../model/pod.ts";
import { isSilent, simulatedAddress } from "./simulated-node.ts";
import { simulatedPodStatus, workLeftMs, type SimulatedPlace } from "./simulated-pod-status.ts";

export interface PodKeeperParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly nodes: Informer<Node>;
  readonly pods: Informer<Pod>;
  readonly indexes: ReadonlyMap<string, number>;
}

/** What the kubelets of all simulated nodes do for their pods: say that they run, that they have ended, and that they are gone. */
export function podKeeper(parts: PodKeeperParts): Controller {
  const { pods, nodes, indexes } = parts;
  pods.addIndex(nodeIndex, ({ spec: { nodeName = "" } }) => (indexes.has(nodeName) ? [nodeName] : []));
  const addresses = new Map<string, string>();
  const podsOf = (nodeName: string): Pod[] => pods.find(nodeIndex, nodeName);
  return {
    name: "simulated-pods",
    watches: [
      watching(pods, (pod) => (indexes.has(pod.spec.nodeName ?? "") ? [keyOf(pod)] : [])),
      // A kubelet that is heard again does what it missed.
      watching(nodes, ({ metadata: { name = "" } }) => (indexes.has(name) ? podsOf(name).map(keyOf) : [])),
    ],
    reconcile: async (key) => {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      const index = indexes.get(pod?.spec.nodeName ?? "");
      if (pod === undefined || index === undefined) {
        addresses.delete(key);
        return done;
      }
      const node = nodes.get("", pod.spec.nodeName ?? "");
      if (node === undefined || isSilent(node)) return done;
      const hostAddress = simulatedAddress(index, 1);
      const place = (): SimulatedPlace => {
        if (pod.spec.hostNetwork === true) return { address: hostAddress, hostAddress };
        const address =
          pod.status?.podIP ??
          addresses.get(key) ??
          freeAddress(index, [...addresses.values(), ...podsOf(node.metadata.name ?? "").map(addressOf)]);
        addresses.set(key, address);
        return { address, hostAddress };
      };
      return keep(parts, pod, place);
    },
  };
}

const nodeIndex = "simulated-node";

function addressOf(pod: Pod): string {
  return pod.status?.podIP ?? "";
}

function freeAddress(index: number, taken: readonly string[]): string {
  for (let host = 2; host < 255; host++) {
    const address = simulatedAddress(index, host);
    if (!taken.includes(address)) return address;
  }
  throw new Error(`the simulated node ${index + 1} has no address left for a pod`);
}

async function keep({ api, clock }: PodKeeperParts, pod: Pod, place: () => SimulatedPlace): Promise<Outcome> {
  if (isTerminating(pod)) {
    if ((pod.metadata.deletionGracePeriodSeconds ?? 0) > 0)
      await unless(["not-found", "conflict"], api.delete(resources.pods, pod, { graceSeconds: 0 }));
    return done;
  }
  if (isFinished(pod)) return done;
  const now = clock.now();
  const status = simulatedPodStatus(pod, place(), now);
  const next = { ...pod, status };
  if (phaseOf(next) !== phaseOf(pod) || isReady(next) !== isReady(pod)) {
    await api.update<Pod>(resources.pods, next, "status");
    return done;
  }
  const left = workLeftMs(pod, now);
  return left === undefined ? done : requeueAfter(left);
}
