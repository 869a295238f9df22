import { fromTimestamp, toTimestamp } from "../../loop/index.ts";
import { findCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import { parseIndexes } from "./index-set.ts";
import { hasFailed } from "./job-object.ts";
import type { Job } from "./job-object.ts";
import type { JobView } from "./job-view.ts";
import { judgeFailure } from "./pod-failure-policy.ts";

/** How a job is going to end: what is told at once, while its pods are still on their way out. */
export interface Ending {
  readonly type: "SuccessCriteriaMet" | "FailureTarget";
  readonly reason: string;
  readonly message: string;
}

/** Whether the job has to end, before anything else is done. What was told already stands. */
export function judgeJob(view: JobView, now: number): Ending | undefined {
  return (
    toldEnding(view) ?? policyFailure(view) ?? limitFailure(view, now) ?? indexFailure(view) ?? policySuccess(view)
  );
}

function toldEnding({ conditions }: JobView): Ending | undefined {
  for (const type of ["SuccessCriteriaMet", "FailureTarget"] as const) {
    const told = findCondition(conditions, type);
    if (told?.status === "True") return { type, reason: told.reason ?? "", message: told.message ?? "" };
  }
  return undefined;
}

function failure(reason: string, message: string): Ending {
  return { type: "FailureTarget", reason, message };
}

function policyFailure({ job, pods }: JobView): Ending | undefined {
  for (const pod of pods) {
    if (!hasFailed(job, pod)) continue;
    const verdict = judgeFailure(job.spec.podFailurePolicy, pod);
    if (verdict?.action === "FailJob") return failure("PodFailurePolicy", verdict.message);
  }
  return undefined;
}

function limitFailure(view: JobView, now: number): Ending | undefined {
  const { job, failed } = view;
  if (failed > (job.spec.backoffLimit ?? 6) || restartsBeyondLimit(view)) {
    return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  const left = timeToDeadline(job, view.startTime, now);
  if (left === undefined || left > 0) return undefined;
  return failure("DeadlineExceeded", "Job was active longer than specified deadline");
}

/** Containers that are started again in the same pod count as well. */
function restartsBeyondLimit({ job, pods }: JobView): boolean {
  if (job.spec.template.spec.restartPolicy !== "OnFailure") return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== "Running" && status?.phase !== "Pending") continue;
    for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
      restarts += container.restartCount ?? 0;
    }
  }
  const limit = job.spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

export function timeToDeadline(job: Job, startTime: string | null | undefined, now: number): number | undefined {
  const seconds = job.spec.activeDeadlineSeconds;
  if (seconds === undefined || job.spec.suspend === true || startTime === undefined || startTime === null)
    return undefined;
  return fromTimestamp(startTime) + seconds * 1000 - now;
}

function indexFailure({ job, failedIndexes, succeededIndexes }: JobView): Ending | undefined {
  if (failedIndexes === undefined || failedIndexes.size === 0) return undefined;
  const most = job.spec.maxFailedIndexes;
  if (most !== undefined && failedIndexes.size > most) {
    return failure("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
  }
  if (failedIndexes.size + succeededIndexes.size < (job.spec.completions ?? 0)) return undefined;
  return failure("FailedIndexes", "Job has failed indexes");
}

function policySuccess({ job, succeededIndexes }: JobView): Ending | undefined {
  for (const [position, rule] of (job.spec.successPolicy?.rules ?? []).entries()) {
    const wanted =
      rule.succeededIndexes === undefined ? undefined : parseIndexes(rule.succeededIndexes, job.spec.completions);
    const reached =
      wanted === undefined ? succeededIndexes : new Set([...wanted].filter((index) => succeededIndexes.has(index)));
    const needed = rule.succeededCount ?? wanted?.size ?? Infinity;
    if (reached.size >= needed) {
      return { type: "SuccessCriteriaMet", reason: "SuccessPolicy", message: `Matched rules at index ${position}` };
    }
  }
  return undefined;
}

export const completionsReached: Ending = {
  type: "SuccessCriteriaMet",
  reason: "CompletionsReached",
  message: "Reached expected number of succeeded pods",
};

export function isCompleted({ job, succeeded }: JobView, active: number): boolean {
  if (active > 0) return false;
  return job.spec.completions === undefined ? succeeded > 0 : succeeded >= job.spec.completions;
}

export function conditionOf(
  type: string,
  { reason, message }: Pick<Ending, "reason" | "message">,
  now: number,
): Condition {
  const time = toTimestamp(now);
  return { type, status: "True", reason, message, lastProbeTime: time, lastTransitionTime: time };
}
