import type { PodContext } from "./pod-context.ts";
import { graceOf } from "./container-life.ts";
import type { Pod, PodCondition } from "./pod.ts";

/** Why the node itself ends a pod, and in how much time. */
export interface PodEnding {
  readonly reason: string;
  readonly message: string;
  /** The node never took the pod: there is nothing more to say of it. */
  readonly isRefusal?: boolean;
  /** Left out: as the pod asks for. */
  readonly graceMs?: number;
  /** A condition that tells others of it. */
  readonly condition?: Pick<PodCondition, "type" | "status" | "reason" | "message">;
}

export const deadlineExceeded: PodEnding = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
};

export function graceOfEnding(ending: PodEnding, context: PodContext): number {
  return ending.graceMs ?? graceOf(context);
}

/** The time that is left to a pod that may run for so long; without end for others. */
export function deadlineLeftMs({ spec }: Pod, startedAt: string, now: Date): number {
  const { activeDeadlineSeconds } = spec;
  if (activeDeadlineSeconds === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(startedAt) + activeDeadlineSeconds * 1000 - now.getTime();
}
