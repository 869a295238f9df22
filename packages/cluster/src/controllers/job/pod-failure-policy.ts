import type { ContainerStatus, Pod } from "../../model/pod.ts";

export interface FailurePolicy {
  readonly rules: readonly FailureRule[];
}

type FailureAction = "FailJob" | "FailIndex" | "Ignore" | "Count";

interface FailureRule {
  readonly action: FailureAction;
  readonly onExitCodes?: {
    readonly containerName?: string;
    readonly operator: "In" | "NotIn";
    readonly values: readonly number[];
  };
  readonly onPodConditions?: readonly { readonly type: string; readonly status?: string }[];
}

export interface FailureVerdict {
  readonly action: FailureAction;
  readonly message: string;
}

/** What the first rule that fits says of a failed pod; undefined when none does, and then it counts. */
export function judgeFailure(policy: FailurePolicy | undefined, pod: Pod): FailureVerdict | undefined {
  const subject = `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`;
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const ending = `matching ${rule.action} rule at index ${index}`;
    const container = rule.onExitCodes === undefined ? undefined : findContainer(pod, rule.onExitCodes);
    if (container !== undefined) {
      const code = container.state?.terminated?.exitCode ?? 0;
      const message = `Container ${container.name} for pod ${subject} failed with exit code ${code} ${ending}`;
      return { action: rule.action, message };
    }
    const condition = (pod.status?.conditions ?? []).find(({ type, status }) =>
      rule.onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? "True") === status),
    );
    if (condition !== undefined) {
      return { action: rule.action, message: `Pod ${subject} has condition ${condition.type} ${ending}` };
    }
  }
  return undefined;
}

export function countsAsFailure(policy: FailurePolicy | undefined, pod: Pod): boolean {
  return judgeFailure(policy, pod)?.action !== "Ignore";
}

function findContainer(
  pod: Pod,
  { containerName, operator, values }: NonNullable<FailureRule["onExitCodes"]>,
): ContainerStatus | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses.find(({ name, state }) => {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return values.includes(code) === (operator === "In");
  });
}
