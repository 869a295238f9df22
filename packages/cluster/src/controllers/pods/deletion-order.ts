import { findCondition } from "../../model/condition.ts";
import { isActive, isReady, phaseOf, restartsOf } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const deletionCost = "controller.kubernetes.io/pod-deletion-cost";

/** The pods whose loss hurts least: those that don't run yet first, then those that share their node with related ones, then the young. */
export function leastNeeded(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const perNode = new Map<string, number>();
  for (const pod of related) {
    if (isActive(pod)) perNode.set(pod.spec.nodeName ?? "", (perNode.get(pod.spec.nodeName ?? "") ?? 0) + 1);
  }
  const rank = (pod: Pod) => perNode.get(pod.spec.nodeName ?? "") ?? 0;
  return [...pods].sort((left, right) => compare(left, right, rank, now)).slice(0, count);
}

function compare(left: Pod, right: Pod, rank: (pod: Pod) => number, now: number): number {
  return (
    Number(isAssigned(left)) - Number(isAssigned(right)) ||
    (phaseRank[phaseOf(left)] ?? 0) - (phaseRank[phaseOf(right)] ?? 0) ||
    Number(isReady(left)) - Number(isReady(right)) ||
    costOf(left) - costOf(right) ||
    rank(right) - rank(left) ||
    compareAges(readyMs(left), readyMs(right), now) ||
    restartsOf(right) - restartsOf(left) ||
    compareAges(createdMs(left), createdMs(right), now) ||
    ((left.metadata.uid ?? "") < (right.metadata.uid ?? "") ? -1 : 1)
  );
}

function isAssigned(pod: Pod): boolean {
  return (pod.spec.nodeName ?? "") !== "";
}

function costOf(pod: Pod): number {
  const text = pod.metadata.annotations?.[deletionCost] ?? "0";
  return /^-?\d+$/u.test(text) ? Number(text) : 0;
}

function readyMs(pod: Pod): number {
  if (!isReady(pod)) return 0;
  return Date.parse(findCondition(pod.status?.conditions, "Ready")?.lastTransitionTime ?? "") || 0;
}

function createdMs(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? "") || 0;
}

/** Younger first, in steps that double, so that pods of about one age are chosen at random. */
function compareAges(left: number, right: number, now: number): number {
  return ageStep(left, now) - ageStep(right, now);
}

function ageStep(since: number, now: number): number {
  const seconds = since === 0 ? 0 : Math.max(0, (now - since) / 1000);
  return seconds < 1 ? -1 : Math.floor(Math.log2(seconds));
}
