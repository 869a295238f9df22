import { resources, toTimestamp } from "../../loop/index.ts";
import type { ControllerContext } from "../../loop/index.ts";
import { findCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import type { Pod } from "../../model/pod.ts";

/** Writes one condition of a pod, and what else is to be in its status, without touching what others wrote. */
export async function writePodCondition(
  { api, clock }: Pick<ControllerContext, "api" | "clock">,
  pod: Pod,
  condition: Condition,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { namespace = "", name = "", uid, generation } = pod.metadata;
  const known = findCondition(pod.status?.conditions, condition.type);
  const lastTransitionTime =
    known?.status === condition.status && known.lastTransitionTime !== undefined
      ? known.lastTransitionTime
      : toTimestamp(clock.now());
  const next = {
    ...condition,
    lastProbeTime: null,
    lastTransitionTime,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  const patch = { metadata: { uid }, status: { conditions: [next], ...more } };
  await api.patch<Pod>(resources.pods, { namespace, name, part: "status", type: "strategic" }, patch);
}

/** Says that a pod goes because of others, and why; then whoever counts failures doesn't count this one. */
export function disruption(reason: string, message: string): Condition {
  return { type: "DisruptionTarget", status: "True", reason, message };
}
