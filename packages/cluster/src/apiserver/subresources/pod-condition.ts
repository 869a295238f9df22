export interface Condition {
  type: string;
  status: string;
  lastProbeTime?: string | null;
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

/** Takes the place of the condition of its type; the time is that of the last change from true to false or back. */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  next: Pick<Condition, "type" | "status" | "reason" | "message">,
  now: Date,
): Condition[] {
  const known = conditions ?? [];
  const before = known.find(({ type }) => type === next.type);
  const { type, status, ...rest } = next;
  const lastTransitionTime =
    before?.status === status && before.lastTransitionTime !== undefined
      ? before.lastTransitionTime
      : now.toISOString().replace(/\.\d+Z$/, "Z");
  const made = { type, status, lastProbeTime: null, lastTransitionTime, ...rest };
  return before ? known.map((each) => (each === before ? made : each)) : [...known, made];
}
