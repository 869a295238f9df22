import type { KubeObject } from "../object/kube-object.ts";
import { matchesSelector } from "../model/selector.ts";
import type { LabelSelector } from "../model/selector.ts";
import type { Pod } from "../model/pod.ts";
import type { Informer } from "../loop/index.ts";

interface Budget extends KubeObject {
  spec?: { readonly selector?: LabelSelector };
  status?: { readonly disruptionsAllowed?: number; readonly disruptedPods?: Readonly<Record<string, string>> };
}

/** Counts disruptions against all budgets of the pods' namespaces. */
export function countAgainstBudgets(budgets: Informer): (pod: Pod) => boolean {
  const left = new Map<string, number>();
  return (pod) => {
    let isSpared = false;
    for (const object of budgets.list(pod.metadata.namespace ?? "")) {
      const budget = object as Budget;
      if (!matchesSelector(budget.spec?.selector, pod.metadata.labels)) continue;
      if (budget.status?.disruptedPods?.[pod.metadata.name ?? ""] !== undefined) continue;
      const uid = budget.metadata.uid ?? "";
      const rest = (left.get(uid) ?? budget.status?.disruptionsAllowed ?? 0) - 1;
      left.set(uid, rest);
      if (rest < 0) isSpared = true;
    }
    return isSpared;
  };
}
