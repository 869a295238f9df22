import type { KubeObject } from "../../object/kube-object.ts";
import { matchesSelector, type LabelSelector } from "../../model/selector.ts";
import { namespaceOf, type Call } from "../call.ts";
import { decodeObject, encodeObject, keyOf, prefixOf } from "../object-store.ts";
import type { ServerContext } from "../server-context.ts";
import { forbidden, notFound, tooManyRequests, type ApiError } from "../status.ts";
import { kindNamed } from "./kind-named.ts";

export interface DisruptionBudget extends KubeObject {
  spec?: { readonly selector?: LabelSelector; readonly unhealthyPodEvictionPolicy?: string };
  status?: BudgetStatus;
}

interface BudgetStatus {
  readonly observedGeneration?: number;
  readonly disruptionsAllowed?: number;
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly BudgetCondition[];
}

interface BudgetCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

/** Evictions that the controller has not confirmed yet; beyond it something is wrong with it. */
const disruptedPodsMax = 2_000;
const retrySeconds = 10;

export function budgetsOf(context: ServerContext, call: Call, pod: KubeObject): readonly DisruptionBudget[] {
  const kind = kindNamed(context, "poddisruptionbudgets", "policy");
  return context.store
    .range({ prefix: prefixOf(kind, namespaceOf(call)) })
    .values.map((stored) => decodeObject(kind, stored) as DisruptionBudget)
    .filter(({ spec }) => matchesSelector(spec?.selector, pod.metadata.labels));
}

/** Takes one of the disruptions that are allowed, in its turn: two evictions never take the same. */
export async function takeDisruption(
  context: ServerContext,
  call: Call,
  { budget, podName, dryRun }: { readonly budget: string; readonly podName: string; readonly dryRun: boolean },
): Promise<void> {
  const kind = kindNamed(context, "poddisruptionbudgets", "policy");
  await context.store.write({
    key: keyOf(kind, namespaceOf(call), budget),
    decide: (stored, revision) => {
      if (!stored) throw notFound(kind, budget);
      const current = decodeObject(kind, stored) as DisruptionBudget;
      const refusal = refusalOf(current);
      if (refusal) throw refusal;
      return dryRun ? "keep" : encodeObject(kind, disrupted(current, podName, call.now), revision);
    },
  });
}

function disrupted(budget: DisruptionBudget, podName: string, now: Date): DisruptionBudget {
  const { status = {}, metadata } = budget;
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  const disruptionsAllowed = (status.disruptionsAllowed ?? 0) - 1;
  const exhausted = {
    type: "DisruptionAllowed",
    status: "False",
    reason: "InsufficientPods",
    message: "",
    lastTransitionTime: time,
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
  };
  const others = (status.conditions ?? []).filter(({ type }) => type !== "DisruptionAllowed");
  return {
    ...budget,
    status: {
      ...status,
      disruptedPods: { ...status.disruptedPods, [podName]: time },
      disruptionsAllowed,
      ...(disruptionsAllowed === 0 ? { conditions: [...others, exhausted] } : {}),
    },
  };
}

export function stillProcessed(budget: string): ApiError {
  return tooMany(`The disruption budget ${budget} is still being processed by the server.`, retrySeconds);
}

function refusalOf({ metadata: { name = "", generation = 0 }, status = {} }: DisruptionBudget): ApiError | undefined {
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  const budget = { group: "policy", plural: "poddisruptionbudget" };
  if (observedGeneration < generation) return stillProcessed(name);
  if (disruptionsAllowed < 0) return forbidden(budget, name, "pdb disruptions allowed is negative");
  if (Object.keys(disruptedPods).length > disruptedPodsMax)
    return forbidden(budget, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
  return disruptionsAllowed === 0 ? tooMany(whyNone(name, status), 0) : undefined;
}

function whyNone(name: string, { currentHealthy = 0, desiredHealthy = 0, conditions }: BudgetStatus): string {
  const { reason = "", message = "" } =
    conditions?.find(({ type, status }) => type === "DisruptionAllowed" && status === "False") ?? {};
  const start = `The disruption budget ${name} does not allow evicting pods currently`;
  if (message !== "" && reason === "SyncFailed") return `${start} because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy)
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return message === "" ? start : `${start} (${reason}): ${message}`;
}

function tooMany(message: string, retryAfterSeconds: number): ApiError {
  return tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: "DisruptionBudget", message }],
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}
