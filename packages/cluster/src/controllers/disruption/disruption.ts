import {
  done,
  fromTimestamp,
  hasCode,
  keyOf,
  messageOf,
  requeueAfter,
  resources,
  splitKey,
  toTimestamp,
  watching,
} from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import { equalJson } from "../../object/json-value.ts";
import { findCondition, replaceCondition } from "../../model/condition.ts";
import { selectorText } from "../../model/selector.ts";
import { isReady, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesSelector } from "../../model/selector.ts";
import { indexByLabel, selectedPods } from "../pods/selected-pods.ts";
import type { BudgetStatus, DisruptionBudget } from "./budget-object.ts";
import { expectedPods } from "./expected-pods.ts";

/** A pod that was allowed to be evicted should be gone by then. */
const deletionMs = 120_000;

interface Parts {
  readonly context: ControllerContext;
  readonly budgets: Informer<DisruptionBudget>;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
}

/** Says of every budget how many of its pods may go now; evictions go by that. */
export function disruptionController(context: ControllerContext): Controller {
  const parts: Parts = {
    context,
    budgets: context.informers.of<DisruptionBudget>(resources.podDisruptionBudgets),
    pods: indexByLabel(context.informers.of<Pod>(resources.pods)),
    events: context.eventsOf("controllermanager"),
  };
  for (const resource of [
    resources.replicaSets,
    resources.statefulSets,
    resources.replicationControllers,
    resources.deployments,
  ]) {
    context.informers.of(resource);
  }
  return {
    name: "disruption-controller",
    watches: [
      watching(parts.budgets, (budget) => [keyOf(budget)]),
      watching(parts.pods, (pod) => budgetsOf(parts, pod).map(keyOf)),
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

function budgetsOf({ budgets }: Parts, pod: Pod): DisruptionBudget[] {
  return budgets
    .list(pod.metadata.namespace ?? "")
    .filter(({ spec }) => matchesSelector(spec.selector, pod.metadata.labels));
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const budget = parts.budgets.get(namespace, name);
  if (budget === undefined) return done;
  try {
    return await count(parts, budget);
  } catch (error) {
    if (hasCode(error, "conflict") || hasCode(error, "not-found")) throw error;
    await failSafe(parts, budget, messageOf(error));
    return { kind: "failed", error };
  }
}

async function count(parts: Parts, budget: DisruptionBudget): Promise<Outcome> {
  const { context, events } = parts;
  const pods = selectedPods(parts.pods, budget.metadata.namespace ?? "", budget.spec.selector);
  if (pods.length === 0) events.normal(budget, "NoPods", "No matching pods found");
  const expectation = await expectedPods(
    context,
    (apiVersion, kind) => context.kinds.find(apiVersion, kind),
    budget,
    pods,
  );
  if (expectation.unmanaged.length > 0) {
    events.warning(
      budget,
      "UnmanagedPods",
      `Pods selected by this PodDisruptionBudget (selector: ${selectorWords(budget)}) were found to be unmanaged. ` +
        "As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. " +
        'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.',
    );
  }
  const now = context.clock.now();
  const disrupted = stillDisrupted(parts, budget, pods, now);
  const healthy = pods.filter(
    (pod) => !isTerminating(pod) && disrupted[pod.metadata.name ?? ""] === undefined && isReady(pod),
  ).length;
  const { expected, desired } = expectation;
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
  await writeStatus(parts, budget, {
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    disruptionsAllowed: allowed,
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
    observedGeneration: budget.metadata.generation ?? 0,
  });
  const waits = Object.values(disrupted).map((at) => fromTimestamp(at) + deletionMs - now);
  return waits.length === 0 ? done : requeueAfter(Math.max(0, Math.min(...waits)) + 10);
}

function selectorWords({ spec }: DisruptionBudget): string {
  return spec.selector === undefined ? "nil" : `&LabelSelector{${selectorText(spec.selector)}}`;
}

/** Pods that were allowed to go and haven't begun to yet, for as long as they may take. */
function stillDisrupted(
  { events }: Parts,
  budget: DisruptionBudget,
  pods: readonly Pod[],
  now: number,
): Record<string, string> {
  const told = budget.status?.disruptedPods ?? {};
  const result: Record<string, string> = {};
  for (const pod of pods) {
    const name = pod.metadata.name ?? "";
    const at = told[name];
    if (at === undefined || isTerminating(pod)) continue;
    if (fromTimestamp(at) + deletionMs >= now) {
      result[name] = at;
      continue;
    }
    const { namespace = "" } = budget.metadata;
    events.warning(pod, "NotDeleted", `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`);
  }
  return result;
}

async function writeStatus({ context }: Parts, budget: DisruptionBudget, next: BudgetStatus): Promise<void> {
  const { conditions = [], ...current } = budget.status ?? {};
  const isAllowed = next.disruptionsAllowed > 0;
  const condition = {
    type: "DisruptionAllowed",
    status: isAllowed ? "True" : "False",
    reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    message: "",
    observedGeneration: next.observedGeneration ?? 0,
    lastTransitionTime: toTimestamp(context.clock.now()),
  } as const;
  const known = findCondition(conditions, condition.type);
  const isTold =
    known?.status === condition.status &&
    known.reason === condition.reason &&
    known.observedGeneration === condition.observedGeneration;
  if (isTold && equalJson(current, next)) return;
  const status = { ...next, conditions: replaceCondition(conditions, condition) };
  await context.api.update<DisruptionBudget>(resources.podDisruptionBudgets, { ...budget, status }, "status");
}

/** Who can't count allows nothing. */
async function failSafe({ context }: Parts, budget: DisruptionBudget, message: string): Promise<void> {
  const zero = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  const conditions = replaceCondition(budget.status?.conditions ?? [], {
    type: "DisruptionAllowed",
    status: "False",
    reason: "SyncFailed",
    message,
    observedGeneration: budget.status?.observedGeneration ?? 0,
    lastTransitionTime: toTimestamp(context.clock.now()),
  });
  const status = { ...zero, ...budget.status, disruptionsAllowed: 0, conditions };
  if (equalJson(status, budget.status)) return;
  await context.api.update<DisruptionBudget>(resources.podDisruptionBudgets, { ...budget, status }, "status");
}
