import { isTolerated, matchesNodeTerm } from "../model/placement.ts";
import { taintsOf } from "../model/node.ts";
import type { Pod } from "../model/pod.ts";
import type { NodeInfo, PodInfo } from "./node-info.ts";
import { affinityScores } from "./pod-affinity.ts";
import type { NamespaceLabels } from "./pod-affinity.ts";
import { spreadScores } from "./topology-spread.ts";

/** Containers that ask for nothing count as if they asked for a little, so that they are spread as well. */
const assumedRequests: Readonly<Record<string, number>> = { cpu: 100e6, memory: 200 * 1024 ** 2 * 1e9 };

/** The best of the nodes that a pod fits on; of equals any. */
export function bestNode(
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  labelsOf: NamespaceLabels,
  random: () => number,
): NodeInfo | undefined {
  if (nodes.length <= 1) return nodes[0];
  const taints = normalised(nodes, (info) => -softTaints(pod.pod, info));
  const wishes = normalised(nodes, (info) => nodeWishes(pod.pod, info));
  const spread = spreadScores(pod, nodes);
  const company = affinityScores(pod, nodes, labelsOf);
  const total = (info: NodeInfo) =>
    leastAllocated(pod, info) +
    balanced(pod, info) +
    imageLocality(pod.pod, info) +
    3 * (taints.get(info.name) ?? 0) +
    2 * ((wishes.get(info.name) ?? 0) + (spread?.get(info.name) ?? 0) + (company?.get(info.name) ?? 0));
  let best: NodeInfo[] = [];
  let bestScore = -Infinity;
  for (const info of nodes) {
    const score = Math.round(total(info));
    if (score > bestScore) {
      best = [];
      bestScore = score;
    }
    if (score === bestScore) best.push(info);
  }
  return best[Math.floor(random() * best.length)];
}

/** To 0 for the least and 100 for the most; all the same is 0. */
function normalised(nodes: readonly NodeInfo[], value: (info: NodeInfo) => number): Map<string, number> {
  const values = new Map(nodes.map((info) => [info.name, value(info)]));
  const [least, most] = [Math.min(...values.values()), Math.max(...values.values())];
  for (const [name, item] of values) values.set(name, most === least ? 0 : (100 * (item - least)) / (most - least));
  return values;
}

function shareUsed(pod: PodInfo, info: NodeInfo, resource: string): number {
  const capacity = Number(info.allocatable.get(resource) ?? 0n);
  if (capacity === 0) return 1;
  const wanted = Number(pod.requests.get(resource) ?? 0n) || (assumedRequests[resource] ?? 0);
  return Math.min(1, (Number(info.requested.get(resource) ?? 0n) + wanted) / capacity);
}

function leastAllocated(pod: PodInfo, info: NodeInfo): number {
  return (100 * (2 - shareUsed(pod, info, "cpu") - shareUsed(pod, info, "memory"))) / 2;
}

/** Full processors beside empty memory are a waste. */
function balanced(pod: PodInfo, info: NodeInfo): number {
  return 100 * (1 - Math.abs(shareUsed(pod, info, "cpu") - shareUsed(pod, info, "memory")) / 2);
}

function softTaints(pod: Pod, { node }: NodeInfo): number {
  if (node === undefined) return 0;
  return taintsOf(node).filter(
    (taint) => taint.effect === "PreferNoSchedule" && !isTolerated(pod.spec.tolerations, taint),
  ).length;
}

function nodeWishes(pod: Pod, { node }: NodeInfo): number {
  if (node === undefined) return 0;
  const wishes = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return wishes.reduce((sum, { weight, preference }) => sum + (matchesNodeTerm(preference, node) ? weight : 0), 0);
}

const bytesMin = 23 * 1024 ** 2;
const bytesMaxPerContainer = 1000 * 1024 ** 2;

/** A node that has the images already needs not fetch them. */
function imageLocality(pod: Pod, { node }: NodeInfo): number {
  const images = node?.status?.images ?? [];
  if (images.length === 0) return 0;
  const { containers, initContainers = [] } = pod.spec;
  const wanted = [...containers, ...initContainers].map((container) => container.image ?? "");
  const bytes = wanted.reduce((sum, name) => {
    const image = images.find((candidate) => candidate.names?.includes(name) ?? false);
    return sum + (image?.sizeBytes ?? 0);
  }, 0);
  const most = bytesMaxPerContainer * wanted.length;
  return (100 * (Math.min(most, Math.max(bytesMin, bytes)) - bytesMin)) / (most - bytesMin);
}
