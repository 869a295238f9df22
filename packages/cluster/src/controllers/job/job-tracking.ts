import { resources } from "../../loop/index.ts";
import { setCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { sameStatus } from "../../model/status.ts";
import { together } from "../pods/slow-start.ts";
import { formatIndexes } from "./index-set.ts";
import { hasFailed, indexOf, isIndexed, isTracked } from "./job-object.ts";
import type { Job, JobStatus } from "./job-object.ts";
import { untrack } from "./job-pods.ts";
import type { JobParts } from "./job-pods.ts";
import { conditionOf } from "./job-verdict.ts";
import type { Ending } from "./job-verdict.ts";
import type { JobView } from "./job-view.ts";
import { countsAsFailure } from "./pod-failure-policy.ts";

/** Ended pods whose names are in the status at the same time. */
const uncountedMax = 500;

interface Uncounted {
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

export interface Progress {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly ending: Ending | undefined;
}

/**
 * Counts pods that have ended so that none is counted twice or forgotten, whatever fails in between: first their names are written into
 * the status, then they are let go, then the numbers are raised and the names removed. Answers the job as it was last written.
 */
export async function trackPods(parts: JobParts, view: JobView, progress: Progress): Promise<Job> {
  const { clock } = parts.context;
  const now = clock.now();
  const chosen = choosePods(view, progress.ending);
  const before = settle(view.job.status, view.pods.filter(isTracked));
  const uncounted = addUncounted(view, before.uncounted, chosen, progress.ending);
  const interim = progress.ending === undefined ? view.conditions : tell(view.conditions, progress.ending, now);
  const first = statusOf(view, progress, { ...before, uncounted, conditions: interim });
  let job = await write(parts, view.job, first);
  await together(chosen, (pod) => untrack(parts, pod));
  const after = settle(first, []);
  const isAllCounted = chosen.length < uncountedMax;
  const isOver = progress.ending !== undefined && isAllCounted && progress.active === 0 && progress.terminating === 0;
  const conditions = isOver && progress.ending !== undefined ? finish(interim, progress.ending, now) : interim;
  const last = statusOf(view, progress, { ...after, conditions });
  const completionTime = conditions.find(({ type }) => type === "Complete")?.lastTransitionTime;
  job = await write(parts, job, completionTime === undefined ? last : { ...last, completionTime });
  if (isOver && progress.ending !== undefined) tellEnd(parts, job, progress.ending);
  return job;
}

function tellEnd({ events }: JobParts, job: Job, ending: Ending): void {
  if (ending.type === "SuccessCriteriaMet") events.normal(job, "Completed", "Job completed");
  else events.warning(job, ending.reason, ending.message);
}

/** The pods that are counted now: those that have ended, and all of them when the job has. */
function choosePods({ job, pods }: JobView, ending: Ending | undefined): Pod[] {
  const isOver = isTerminating(job) || ending !== undefined;
  return pods
    .filter((pod) => isTracked(pod) && (isOver || pod.status?.phase === "Succeeded" || hasFailed(job, pod)))
    .sort((left, right) => (indexOf(left) ?? 0) - (indexOf(right) ?? 0))
    .slice(0, uncountedMax);
}

function addUncounted(view: JobView, known: Uncounted, chosen: readonly Pod[], ending: Ending | undefined): Uncounted {
  const { job } = view;
  const succeeded = [...known.succeeded];
  const failed = [...known.failed];
  for (const pod of chosen) {
    const uid = pod.metadata.uid ?? "";
    if (succeeded.includes(uid) || failed.includes(uid)) continue;
    if (pod.status?.phase === "Succeeded") {
      // An index tells by itself that it was counted.
      if (!isIndexed(job)) succeeded.push(uid);
    } else if (hasFailed(job, pod) || ending?.type === "FailureTarget") {
      if (countsAsFailure(job.spec.podFailurePolicy, pod)) failed.push(uid);
    }
  }
  return { succeeded, failed };
}

interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly uncounted: Uncounted;
}

/** Raises the numbers by the pods whose names are written down and that were let go. */
function settle(status: JobStatus | undefined, tracked: readonly Pod[]): Counts {
  const held = new Set(tracked.map((pod) => pod.metadata.uid ?? ""));
  const { succeeded = [], failed = [] } = status?.uncountedTerminatedPods ?? {};
  const stay = (uid: string) => held.has(uid);
  const uncounted = { succeeded: succeeded.filter(stay), failed: failed.filter(stay) };
  return {
    succeeded: (status?.succeeded ?? 0) + succeeded.length - uncounted.succeeded.length,
    failed: (status?.failed ?? 0) + failed.length - uncounted.failed.length,
    uncounted,
  };
}

function statusOf(
  view: JobView,
  progress: Progress,
  counts: Counts & { readonly conditions: readonly Condition[] },
): JobStatus {
  const { job, succeededIndexes, failedIndexes, startTime } = view;
  const indexed = isIndexed(job);
  const completed = formatIndexes(succeededIndexes);
  const { succeeded, failed } = counts.uncounted;
  return {
    ...(counts.conditions.length === 0 ? {} : { conditions: counts.conditions }),
    ...(startTime === undefined || startTime === null ? {} : { startTime }),
    active: progress.active,
    ready: progress.ready,
    terminating: progress.terminating,
    succeeded: indexed ? succeededIndexes.size : counts.succeeded,
    failed: counts.failed,
    ...(indexed && completed !== "" ? { completedIndexes: completed } : {}),
    ...(failedIndexes === undefined ? {} : { failedIndexes: formatIndexes(failedIndexes) }),
    uncountedTerminatedPods: {
      ...(succeeded.length === 0 ? {} : { succeeded }),
      ...(failed.length === 0 ? {} : { failed }),
    },
  };
}

function tell(conditions: readonly Condition[], ending: Ending, now: number): readonly Condition[] {
  return setCondition(conditions, conditionOf(ending.type, ending, now));
}

function finish(conditions: readonly Condition[], ending: Ending, now: number): readonly Condition[] {
  const type = ending.type === "SuccessCriteriaMet" ? "Complete" : "Failed";
  return setCondition(conditions, conditionOf(type, ending, now));
}

async function write({ context }: JobParts, job: Job, status: JobStatus): Promise<Job> {
  const isTold = job.status?.ready !== undefined && job.status.terminating !== undefined;
  if (isTold && sameStatus(job.status, status)) return job;
  return context.api.update<Job>(resources.jobs, { ...job, status }, "status");
}
