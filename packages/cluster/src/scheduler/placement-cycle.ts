import { claimNeeds } from "./devices/claim-needs.ts";
import type { ClaimNeeds, DeviceCaches } from "./devices/claim-needs.ts";
import { nodeFilters } from "./filter.ts";
import type { Refusal } from "./filter.ts";
import type { NodeInfo, PodInfo } from "./node-info.ts";
import { affinityCheck } from "./pod-affinity.ts";
import type { NamespaceLabels } from "./pod-affinity.ts";
import { spreadCheck } from "./topology-spread.ts";
import { volumeNeeds } from "./volume-check.ts";
import type { VolumeCaches, VolumeNeeds } from "./volume-check.ts";

export interface Surroundings {
  readonly nodes: readonly NodeInfo[];
  readonly labelsOf: NamespaceLabels;
  readonly volumes: VolumeCaches;
  readonly devices: DeviceCaches;
  /** Pods for which room was made on a node and that are not there yet. */
  readonly nominated: (nodeName: string) => readonly PodInfo[];
}

export interface Placement {
  readonly fitting: readonly NodeInfo[];
  readonly refusals: ReadonlyMap<NodeInfo, Refusal>;
  readonly needs: Needs;
}

/** What the pod needs besides a node. */
export interface Needs {
  readonly volumes: VolumeNeeds;
  readonly devices: ClaimNeeds;
}

/** Asks every node whether the pod can run there. */
export function findPlaces(pod: PodInfo, around: Surroundings): Placement {
  const needs = { volumes: volumeNeeds(pod.pod, around.volumes), devices: claimNeeds(pod.pod, around.devices) };
  const refusals = new Map<NodeInfo, Refusal>();
  if (missingOf(needs) !== undefined) return { fitting: [], refusals, needs };
  const check = checker(pod, around, needs);
  const fitting: NodeInfo[] = [];
  for (const info of around.nodes) {
    const refusal = check(withNominated(pod, info, around));
    if (refusal === undefined) fitting.push(info);
    else refusals.set(info, refusal);
  }
  return { fitting, refusals, needs };
}

/** What has to be there before any node is asked. */
function missingOf({ volumes, devices }: Needs): string | undefined {
  return volumes.missing ?? devices.missing;
}

/** Whether the pod fits on a node as it would be, while all others are as they are. */
export function fitsOn(pod: PodInfo, around: Surroundings, needs: Needs): (changed: NodeInfo) => boolean {
  return (changed) => {
    const nodes = around.nodes.map((info) => (info.name === changed.name ? changed : info));
    const refusal = checker(pod, { ...around, nodes }, needs)(withNominated(pod, changed, around));
    return refusal === undefined;
  };
}

function checker(pod: PodInfo, around: Surroundings, needs: Needs): (info: NodeInfo) => Refusal | undefined {
  const spread = spreadCheck(pod, around.nodes);
  const affinity = affinityCheck(pod, around.nodes, around.labelsOf);
  return (info) => {
    for (const filter of nodeFilters) {
      const refusal = filter(pod, info);
      if (refusal !== undefined) return refusal;
    }
    return needs.volumes.check(info) ?? spread?.(info) ?? affinity?.(info) ?? needs.devices.check(info);
  };
}

/** Room that was made for a more important pod, or an equal one, is not there. */
function withNominated(pod: PodInfo, info: NodeInfo, { nominated }: Surroundings): NodeInfo {
  const others = nominated(info.name).filter((other) => other.uid !== pod.uid && other.priority >= pod.priority);
  if (others.length === 0) return info;
  const copy = info.copy();
  for (const other of others) copy.add(other);
  return copy;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).` */
export function refusalText({ refusals, needs }: Placement, nodes: number): string {
  if (nodes === 0) return "no nodes available to schedule pods";
  const missing = missingOf(needs);
  if (missing !== undefined) return `0/${nodes} nodes are available: ${missing}.`;
  return `0/${nodes} nodes are available: ${histogram([...refusals.values()].flatMap(({ reasons }) => reasons))}.`;
}

export function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(", ");
}
