import { isTolerated, matchesNodeDemands } from "../model/placement.ts";
import { taintsOf } from "../model/node.ts";
import type { ContainerPort } from "../model/pod.ts";
import type { NodeInfo, PodInfo } from "./node-info.ts";

/** Why a pod can't run on a node. */
export interface Refusal {
  readonly reasons: readonly string[];
  /** Whether it could if other pods were not there. */
  readonly isResolvable: boolean;
}

export type Filter = (pod: PodInfo, info: NodeInfo) => Refusal | undefined;

/** What can be said of a node by itself, in the order in which it is asked. */
export const nodeFilters: readonly Filter[] = [
  isSchedulable,
  hasName,
  toleratesTaints,
  matchesAffinity,
  hasPorts,
  hasRoom,
];

const unschedulableTaint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

function never(reason: string): Refusal {
  return { reasons: [reason], isResolvable: false };
}

function isSchedulable({ pod }: PodInfo, { node }: NodeInfo): Refusal | undefined {
  if (node?.spec?.unschedulable !== true || isTolerated(pod.spec.tolerations, unschedulableTaint)) return undefined;
  return never("node(s) were unschedulable");
}

function hasName({ pod }: PodInfo, { name }: NodeInfo): Refusal | undefined {
  const wanted = pod.spec.nodeName ?? "";
  return wanted === "" || wanted === name ? undefined : never("node(s) didn't match the requested node name");
}

function toleratesTaints({ pod }: PodInfo, { node }: NodeInfo): Refusal | undefined {
  if (node === undefined) return undefined;
  const taint = taintsOf(node).find(
    (candidate) => candidate.effect !== "PreferNoSchedule" && !isTolerated(pod.spec.tolerations, candidate),
  );
  return taint === undefined ? undefined : never("node(s) had untolerated taint(s)");
}

function matchesAffinity({ pod }: PodInfo, { node }: NodeInfo): Refusal | undefined {
  if (node === undefined || matchesNodeDemands(pod.spec, node)) return undefined;
  return never("node(s) didn't match Pod's node affinity/selector");
}

function hasPorts({ hostPorts }: PodInfo, { pods }: NodeInfo): Refusal | undefined {
  if (hostPorts.length === 0) return undefined;
  for (const other of pods.values()) {
    if (other.hostPorts.some((taken) => hostPorts.some((wanted) => collide(taken, wanted)))) {
      return { reasons: ["node(s) didn't have free ports for the requested pod ports"], isResolvable: true };
    }
  }
  return undefined;
}

function collide(left: ContainerPort, right: ContainerPort): boolean {
  if (left.hostPort !== right.hostPort || (left.protocol ?? "TCP") !== (right.protocol ?? "TCP")) return false;
  const [leftIp, rightIp] = [left.hostIP ?? "0.0.0.0", right.hostIP ?? "0.0.0.0"];
  return leftIp === rightIp || leftIp === "0.0.0.0" || rightIp === "0.0.0.0";
}

function hasRoom({ requests }: PodInfo, info: NodeInfo): Refusal | undefined {
  const reasons: string[] = [];
  let isResolvable = true;
  const one = 1_000_000_000n;
  const podsMax = info.allocatable.get("pods") ?? 0n;
  if (BigInt(info.pods.size + 1) * one > podsMax) reasons.push("Too many pods");
  for (const [name, amount] of requests) {
    if (amount === 0n || amount <= info.free(name)) continue;
    reasons.push(`Insufficient ${name}`);
    if (amount > (info.allocatable.get(name) ?? 0n)) isResolvable = false;
  }
  return reasons.length === 0 ? undefined : { reasons, isResolvable };
}
