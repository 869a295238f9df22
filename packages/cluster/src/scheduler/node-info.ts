import type { Node } from "../model/node.ts";
import type { ContainerPort, Pod } from "../model/pod.ts";
import { addAll, parseAmounts, podAmounts, priorityOf, subtractAll } from "../model/pod-requests.ts";
import type { Amounts } from "../model/pod-requests.ts";
import type { Quantity } from "../model/quantity.ts";

/** A pod with what it takes, worked out once. */
export interface PodInfo {
  readonly pod: Pod;
  readonly uid: string;
  readonly priority: number;
  readonly requests: Amounts;
  readonly hostPorts: readonly ContainerPort[];
}

export function podInfoOf(pod: Pod): PodInfo {
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  return {
    pod,
    uid: pod.metadata.uid ?? "",
    priority: priorityOf(pod),
    requests: podAmounts(pod),
    hostPorts: [...pod.spec.containers, ...sidecars]
      .flatMap((container) => container.ports ?? [])
      .filter((port) => (port.hostPort ?? 0) > 0),
  };
}

/** A node and what runs on it. Kept up to date by difference: nothing is added up anew for a pod. */
export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, PodInfo>();
  readonly requested: Amounts = new Map();
  node: Node | undefined;
  allocatable: Amounts = new Map();
  /** Pods that have wishes about others; most have none. */
  readonly withAffinity = new Map<string, PodInfo>();

  constructor(name: string) {
    this.name = name;
  }

  setNode(node: Node | undefined): void {
    this.node = node;
    this.allocatable = parseAmounts(node?.status?.allocatable);
  }

  add(info: PodInfo): void {
    if (this.pods.has(info.uid)) this.remove(info.uid);
    this.pods.set(info.uid, info);
    addAll(this.requested, info.requests);
    const { podAffinity, podAntiAffinity } = info.pod.spec.affinity ?? {};
    if (podAffinity !== undefined || podAntiAffinity !== undefined) this.withAffinity.set(info.uid, info);
  }

  remove(uid: string): void {
    const info = this.pods.get(uid);
    if (info === undefined) return;
    this.pods.delete(uid);
    this.withAffinity.delete(uid);
    subtractAll(this.requested, info.requests);
  }

  /** What this node would be without some pods and with others; the original stays. */
  copy(): NodeInfo {
    const copy = new NodeInfo(this.name);
    copy.node = this.node;
    copy.allocatable = this.allocatable;
    for (const info of this.pods.values()) copy.add(info);
    return copy;
  }

  free(resource: string): Quantity {
    return (this.allocatable.get(resource) ?? 0n) - (this.requested.get(resource) ?? 0n);
  }
}
