import { isActive, isReady, isFinished, isTerminating } from "../../model/pod.ts";
import type { Condition } from "../../model/condition.ts";
import type { Pod } from "../../model/pod.ts";
import { parseIndexes } from "./index-set.ts";
import { failureCountOf, hasFailed, indexOf, isIndexed, isTracked } from "./job-object.ts";
import type { Job } from "./job-object.ts";
import { countsAsFailure, judgeFailure } from "./pod-failure-policy.ts";

/** Everything that one look at a job knows. */
export interface JobView {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly terminating: number;
  readonly ready: number;
  /** With those that have ended but are not counted in the status yet. */
  readonly succeeded: number;
  readonly failed: number;
  readonly succeededIndexes: Set<number>;
  readonly failedIndexes: Set<number> | undefined;
  readonly startTime: string | null | undefined;
  conditions: readonly Condition[];
}

export function viewJob(job: Job, pods: readonly Pod[], startTime: string | null | undefined): JobView {
  const active = pods.filter(isActive);
  const uncounted = job.status?.uncountedTerminatedPods ?? {};
  const known = new Set([...(uncounted.succeeded ?? []), ...(uncounted.failed ?? [])]);
  const fresh = pods.filter((pod) => isTracked(pod) && !known.has(pod.metadata.uid ?? ""));
  const newSucceeded = fresh.filter((pod) => pod.status?.phase === "Succeeded").length;
  const newFailed = fresh.filter(
    (pod) => hasFailed(job, pod) && countsAsFailure(job.spec.podFailurePolicy, pod),
  ).length;
  const succeededIndexes = indexesOfSucceeded(job, pods);
  return {
    job,
    pods,
    active,
    terminating: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    ready: active.filter(isReady).length,
    succeeded: isIndexed(job)
      ? succeededIndexes.size
      : (job.status?.succeeded ?? 0) + newSucceeded + (uncounted.succeeded?.length ?? 0),
    failed: (job.status?.failed ?? 0) + newFailed + (uncounted.failed?.length ?? 0),
    succeededIndexes,
    failedIndexes: indexesOfFailed(job, pods),
    startTime,
    conditions: job.status?.conditions ?? [],
  };
}

function indexesOfSucceeded(job: Job, pods: readonly Pod[]): Set<number> {
  if (!isIndexed(job)) return new Set();
  const completions = job.spec.completions ?? 0;
  const indexes = parseIndexes(job.status?.completedIndexes, completions);
  for (const pod of pods) {
    const index = indexOf(pod);
    if (index !== undefined && index < completions && pod.status?.phase === "Succeeded") indexes.add(index);
  }
  return indexes;
}

/** Those that have failed too often by themselves, and not by the job's own end; undefined when indexes have no limit of their own. */
function indexesOfFailed(job: Job, pods: readonly Pod[]): Set<number> | undefined {
  const limit = job.spec.backoffLimitPerIndex;
  if (limit === undefined || !isIndexed(job)) return undefined;
  const indexes = parseIndexes(job.status?.failedIndexes, job.spec.completions);
  for (const pod of pods) {
    const index = indexOf(pod);
    if (index === undefined || index >= (job.spec.completions ?? 0) || !hasFailed(job, pod)) continue;
    if (!isTracked(pod)) continue;
    const verdict = judgeFailure(job.spec.podFailurePolicy, pod)?.action;
    if (verdict === "FailIndex" || (verdict !== "Ignore" && failureCountOf(pod) >= limit)) indexes.add(index);
  }
  return indexes;
}
