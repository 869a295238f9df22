export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
  readonly lastUpdateTime?: string | null;
  readonly lastProbeTime?: string | null;
  readonly observedGeneration?: number;
}

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === "True";
}

/** Puts the condition at the end, unless it says the same already; the time of transition stays while the status does. */
export function setCondition(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  const current = findCondition(conditions, next.type);
  if (current !== undefined && current.status === next.status && current.reason === next.reason) return conditions;
  const kept =
    current !== undefined && current.status === next.status && current.lastTransitionTime !== undefined
      ? { ...next, lastTransitionTime: current.lastTransitionTime }
      : next;
  return [...withoutCondition(conditions, next.type), kept];
}

/** Replaces the condition where it stands, as newer APIs do; the message counts as well. */
export function replaceCondition(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  const index = conditions.findIndex((condition) => condition.type === next.type);
  if (index < 0) return [...conditions, next];
  const current = conditions[index];
  const transition = current?.status === next.status ? { lastTransitionTime: current.lastTransitionTime ?? null } : {};
  return conditions.with(index, { ...next, ...transition });
}

export function withoutCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}
