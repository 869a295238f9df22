import { findCondition } from "../../model/condition.ts";
import { taintsOf } from "../../model/node.ts";
import type { Node, Taint } from "../../model/node.ts";
import { readyOf } from "./node-health.ts";

const prefix = "node.kubernetes.io/";
const unschedulable = `${prefix}unschedulable`;
const notReady = `${prefix}not-ready`;
const unreachable = `${prefix}unreachable`;

const conditionTaints: readonly { type: string; status: Taint["key"]; key: string }[] = [
  { type: "Ready", status: "False", key: notReady },
  { type: "Ready", status: "Unknown", key: unreachable },
  { type: "MemoryPressure", status: "True", key: `${prefix}memory-pressure` },
  { type: "DiskPressure", status: "True", key: `${prefix}disk-pressure` },
  { type: "NetworkUnavailable", status: "True", key: `${prefix}network-unavailable` },
  { type: "PIDPressure", status: "True", key: `${prefix}pid-pressure` },
];

const ours = new Set(conditionTaints.map(({ key }) => key));

/** The taints that a node should have by its conditions; others stay. Undefined when it has them. */
export function wantedTaints(node: Node, evicts: boolean, timeAdded: string): readonly Taint[] | undefined {
  const current = taintsOf(node);
  const wanted = [...keepers(node), ...evictors(node, evicts)];
  const isWanted = (taint: Taint) => wanted.some((other) => same(other, taint));
  const isOurs = (taint: Taint) =>
    (taint.effect === "NoSchedule" && (ours.has(taint.key) || taint.key === unschedulable)) ||
    (taint.effect === "NoExecute" && (taint.key === notReady || taint.key === unreachable));
  const kept = current.filter((taint) => !isOurs(taint) || isWanted(taint));
  const added = wanted.filter((taint) => !current.some((other) => same(other, taint)));
  if (added.length === 0 && kept.length === current.length) return undefined;
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded }))];
}

/** Keep new pods away. */
function keepers(node: Node): Taint[] {
  const taints: Taint[] = conditionTaints
    .filter(({ type, status }) => findCondition(node.status?.conditions, type)?.status === status)
    .map(({ key }) => ({ key, effect: "NoSchedule" }));
  return node.spec?.unschedulable === true ? [...taints, { key: unschedulable, effect: "NoSchedule" }] : taints;
}

/** Send the pods away that are there. */
function evictors(node: Node, evicts: boolean): Taint[] {
  const status = readyOf(node)?.status;
  if (!evicts || status === undefined || status === "True") return [];
  return [{ key: status === "False" ? notReady : unreachable, effect: "NoExecute" }];
}

function same(left: Taint, right: Taint): boolean {
  return left.key === right.key && left.effect === right.effect;
}
