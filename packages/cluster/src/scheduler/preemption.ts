import { isTerminating } from "../model/pod.ts";
import type { Pod } from "../model/pod.ts";
import type { NodeInfo, PodInfo } from "./node-info.ts";

export interface Victims {
  readonly node: NodeInfo;
  readonly pods: readonly PodInfo[];
  /** Victims that a disruption budget would have spared. */
  readonly violations: number;
}

export interface PreemptionQuestion {
  readonly pod: PodInfo;
  /** Nodes that refuse the pod only because of others. */
  readonly candidates: readonly NodeInfo[];
  /** Whether the pod fits on a node as it would be. */
  readonly fits: (info: NodeInfo) => boolean;
  /** Begins to count against disruption budgets: true for a pod that one of them would spare. */
  readonly budgets: () => (pod: Pod) => boolean;
}

/** The node on which the fewest and least important pods have to go to make room. */
export function chooseVictims(question: PreemptionQuestion): Victims | undefined {
  const found = question.candidates.flatMap((info) => victimsOn(question, info) ?? []);
  return found.sort(compareVictims)[0];
}

function victimsOn(question: PreemptionQuestion, info: NodeInfo): Victims | undefined {
  const { pod, fits } = question;
  const isSpared = question.budgets();
  const without = info.copy();
  const lower = [...info.pods.values()].filter((other) => other.priority < pod.priority);
  if (lower.length === 0) return undefined;
  for (const other of lower) without.remove(other.uid);
  if (!fits(without)) return undefined;
  // As many as possible stay: those that budgets protect first, then the more important and older.
  const sorted = lower.sort(moreImportantFirst);
  const protectedPods = new Set(sorted.filter((other) => isSpared(other.pod)));
  const order = [
    ...sorted.filter((other) => protectedPods.has(other)),
    ...sorted.filter((other) => !protectedPods.has(other)),
  ];
  const victims: PodInfo[] = [];
  for (const other of order) {
    without.add(other);
    if (fits(without)) continue;
    without.remove(other.uid);
    victims.push(other);
  }
  if (victims.length === 0) return undefined;
  return {
    node: info,
    pods: victims.sort(moreImportantFirst),
    violations: victims.filter((other) => protectedPods.has(other)).length,
  };
}

function moreImportantFirst(left: PodInfo, right: PodInfo): number {
  return right.priority - left.priority || (startOf(left) < startOf(right) ? -1 : 1);
}

function startOf({ pod }: PodInfo): string {
  return pod.status?.startTime ?? "9999";
}

function compareVictims(left: Victims, right: Victims): number {
  const highest = (victims: Victims) => victims.pods[0]?.priority ?? 0;
  const sum = (victims: Victims) => victims.pods.reduce((total, { priority }) => total + priority, 0);
  const earliest = (victims: Victims) =>
    victims.pods
      .filter((pod) => pod.priority === highest(victims))
      .map(startOf)
      .sort()[0] ?? "";
  return (
    left.violations - right.violations ||
    highest(left) - highest(right) ||
    sum(left) - sum(right) ||
    left.pods.length - right.pods.length ||
    (earliest(left) > earliest(right) ? -1 : 1)
  );
}

/** Why a pod may not make others go; undefined when it may. */
export function notEligible(pod: Pod, nominated: NodeInfo | undefined): string | undefined {
  if (pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const priority = pod.spec.priority ?? 0;
  for (const other of nominated?.pods.values() ?? []) {
    if (other.priority < priority && isTerminating(other.pod) && wasPreempted(other.pod)) {
      return "not eligible due to a terminating pod on the nominated node.";
    }
  }
  return undefined;
}

function wasPreempted(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(
    ({ type, reason }) => type === "DisruptionTarget" && reason === "PreemptionByScheduler",
  );
}
