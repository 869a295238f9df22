import type { KubeClient } from "@fairway/kube-client";
import { matchesNodeDemands } from "../../model/placement.ts";
import type { Node } from "../../model/node.ts";
import type { Pod } from "../pods/pod.ts";
import type { NodePressure } from "../upkeep/node-pressure.ts";
import { forbiddenSysctl } from "./forbidden-sysctl.ts";
import { wantSamePort } from "./host-ports.ts";
import { pressureRefusal } from "./pressure-refusal.ts";
import type { Refusal } from "./refusal.ts";
import { roomRefusal } from "./room-refusal.ts";

const os = "linux";
const osLabel = "kubernetes.io/os";

const portsTaken: Refusal = {
  reason: "NodePorts",
  message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
};

const unwanted: Refusal = {
  reason: "NodeAffinity",
  message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
};

export interface NodeState {
  readonly pressure: NodePressure;
  readonly allocatable: Readonly<Record<string, string>>;
  /** The pods that the node has taken and that aren't over. */
  readonly others: readonly Pod[];
}

/** What stands against a pod that can be said at once; the order is that of the kubelet. */
export function refusalOf(pod: Pod, { pressure, allocatable, others }: NodeState): Refusal | undefined {
  return (
    pressureRefusal(pod, pressure) ?? sysctlRefusal(pod) ?? osRefusal(pod) ?? roomRefusal(pod, others, allocatable)
  );
}

/** Whether a pod demands something of its node's labels, for which the node has to be read. */
export function hasNodeDemands({ spec }: Pod): boolean {
  return spec.nodeSelector !== undefined || spec.affinity?.nodeAffinity !== undefined;
}

/** Whoever gave the pod to the node may not have asked whether it fits. The node is read anew: its labels may just have changed. */
export async function affinityRefusal(pod: Pod, client: KubeClient, nodeName: string): Promise<Refusal | undefined> {
  const { status, body } = await client.request({ method: "GET", path: `/api/v1/nodes/${nodeName}` });
  // Decoded and validated by the API server.
  return status !== 200 || matchesNodeDemands(pod.spec, body as Node) ? undefined : unwanted;
}

export function portRefusal(pod: Pod, others: readonly Pod[]): Refusal | undefined {
  return others.some((other) => wantSamePort(pod, other)) ? portsTaken : undefined;
}

function sysctlRefusal(pod: Pod): Refusal | undefined {
  const sysctl = forbiddenSysctl(pod);
  return sysctl === undefined ? undefined : { reason: "SysctlForbidden", message: `forbidden sysctl: ${sysctl}` };
}

function osRefusal({ metadata, spec }: Pod): Refusal | undefined {
  if ((metadata.labels?.[osLabel] ?? os) !== os) {
    return {
      reason: "PodOSSelectorNodeLabelDoesNotMatch",
      message: `Failed to admit pod as the \`${osLabel}\` label doesn't match node label`,
    };
  }
  if ((spec.os?.name ?? os) === os) return undefined;
  return { reason: "PodOSNotSupported", message: "Failed to admit pod as the OS field doesn't match node OS" };
}
