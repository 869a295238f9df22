import { isTolerated, matchesNodeDemands } from "../model/placement.ts";
import { taintsOf } from "../model/node.ts";
import { isTerminating } from "../model/pod.ts";
import type { Pod, TopologySpreadConstraint } from "../model/pod.ts";
import { matchesSelector } from "../model/selector.ts";
import type { LabelSelector } from "../model/selector.ts";
import type { Refusal } from "./filter.ts";
import type { NodeInfo, PodInfo } from "./node-info.ts";

/** How many matching pods there are in each part of the cluster. */
interface Spread {
  readonly constraint: TopologySpreadConstraint;
  readonly selector: LabelSelector | undefined;
  readonly counts: Map<string, number>;
  readonly least: number;
}

export type SpreadCheck = (info: NodeInfo) => Refusal | undefined;

const mismatch = "node(s) didn't match pod topology spread constraints";

/** Looks at the constraints that must hold; undefined when there are none. */
export function spreadCheck({ pod }: PodInfo, nodes: readonly NodeInfo[]): SpreadCheck | undefined {
  const constraints = (pod.spec.topologySpreadConstraints ?? []).filter(
    (constraint) => constraint.whenUnsatisfiable === "DoNotSchedule",
  );
  if (constraints.length === 0) return undefined;
  const keys = constraints.map((constraint) => constraint.topologyKey);
  const spreads = constraints.map((constraint) => measure(pod, constraint, nodes, keys));
  return (info) => {
    for (const spread of spreads) {
      const domain = info.node?.metadata.labels?.[spread.constraint.topologyKey];
      if (domain === undefined) return { reasons: [`${mismatch} (missing required label)`], isResolvable: false };
      const self = matchesSelector(spread.selector, pod.metadata.labels) ? 1 : 0;
      const skew = (spread.counts.get(domain) ?? 0) + self - spread.least;
      if (skew > spread.constraint.maxSkew) return { reasons: [mismatch], isResolvable: true };
    }
    return undefined;
  };
}

/** More is better: how even the wishes that may be broken would be. Undefined when there are none. */
export function spreadScores({ pod }: PodInfo, nodes: readonly NodeInfo[]): Map<string, number> | undefined {
  const constraints = (pod.spec.topologySpreadConstraints ?? []).filter(
    (constraint) => constraint.whenUnsatisfiable === "ScheduleAnyway",
  );
  if (constraints.length === 0) return undefined;
  const spreads = constraints.map((constraint) => measure(pod, constraint, nodes, []));
  const crowding = new Map<string, number>();
  for (const info of nodes) {
    let total = 0;
    for (const { constraint, counts } of spreads) {
      const domain = info.node?.metadata.labels?.[constraint.topologyKey];
      if (domain === undefined) continue;
      total += (counts.get(domain) ?? 0) * Math.log(counts.size + 2) + constraint.maxSkew - 1;
    }
    crowding.set(info.name, total);
  }
  const values = [...crowding.values()];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  for (const [name, value] of crowding) {
    crowding.set(name, most === 0 ? 100 : Math.floor((100 * (most + least - value)) / most));
  }
  return crowding;
}

function measure(
  pod: Pod,
  constraint: TopologySpreadConstraint,
  nodes: readonly NodeInfo[],
  keys: readonly string[],
): Spread {
  const selector = withLabelKeys(pod, constraint);
  const counts = new Map<string, number>();
  for (const info of nodes) {
    const labels = info.node?.metadata.labels ?? {};
    const domain = labels[constraint.topologyKey];
    if (domain === undefined || keys.some((key) => labels[key] === undefined)) continue;
    if (!takesPart(pod, constraint, info)) continue;
    const count = [...info.pods.values()].filter(
      (other) =>
        other.pod.metadata.namespace === pod.metadata.namespace &&
        !isTerminating(other.pod) &&
        matchesSelector(selector, other.pod.metadata.labels),
    ).length;
    counts.set(domain, (counts.get(domain) ?? 0) + count);
  }
  const isEnough = counts.size >= (constraint.minDomains ?? 1);
  const least = isEnough && counts.size > 0 ? Math.min(...counts.values()) : 0;
  return { constraint, selector, counts, least };
}

/** Whether a node takes part in the reckoning. */
function takesPart(pod: Pod, constraint: TopologySpreadConstraint, { node }: NodeInfo): boolean {
  if (node === undefined) return false;
  if ((constraint.nodeAffinityPolicy ?? "Honor") === "Honor" && !matchesNodeDemands(pod.spec, node)) return false;
  if (constraint.nodeTaintsPolicy !== "Honor") return true;
  return taintsOf(node).every(
    (taint) => taint.effect === "PreferNoSchedule" || isTolerated(pod.spec.tolerations, taint),
  );
}

function withLabelKeys(pod: Pod, constraint: TopologySpreadConstraint): LabelSelector | undefined {
  const { labelSelector, matchLabelKeys = [] } = constraint;
  if (labelSelector === undefined || matchLabelKeys.length === 0) return labelSelector;
  const requirements = matchLabelKeys.flatMap((key) => {
    const value = pod.metadata.labels?.[key];
    return value === undefined ? [] : [{ key, operator: "In" as const, values: [value] }];
  });
  return { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...requirements] };
}
