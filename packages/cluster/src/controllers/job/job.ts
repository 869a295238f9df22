import { done, keyOf, requeueAfter, resources, sooner, splitKey, toTimestamp, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Outcome } from "../../loop/index.ts";
import { findCondition } from "../../model/condition.ts";
import { controllerKeys, controllerOf } from "../../model/owner.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesSelector } from "../../model/selector.ts";
import { candidatesOf, claim } from "../pods/claim.ts";
import { createPodControl } from "../pods/pod-control.ts";
import { together } from "../pods/slow-start.ts";
import { isFinishedJob, isManagedElsewhere, isTracked } from "./job-object.ts";
import type { Job } from "./job-object.ts";
import { endPods, managePods, untrack } from "./job-pods.ts";
import type { JobParts, Managed } from "./job-pods.ts";
import { trackPods } from "./job-tracking.ts";
import { completionsReached, isCompleted, judgeJob, timeToDeadline } from "./job-verdict.ts";
import type { Ending } from "./job-verdict.ts";
import { viewJob } from "./job-view.ts";
import type { JobView } from "./job-view.ts";

export function jobController(context: ControllerContext): Controller {
  const events = context.eventsOf("job-controller");
  const parts: JobParts = {
    context,
    jobs: context.informers.of(resources.jobs),
    pods: context.informers.of(resources.pods),
    podControl: createPodControl(context.api, events),
    events,
  };
  return {
    name: "job-controller",
    watches: [watching(parts.jobs, (job) => [keyOf(job)]), watching(parts.pods, (pod) => keysOfPod(parts, pod))],
    reconcile: (key) => reconcile(parts, key),
  };
}

function keysOfPod({ jobs }: JobParts, pod: Pod): string[] {
  if (controllerOf(pod) !== undefined) return controllerKeys(pod, "Job", "batch/");
  return jobs
    .list(pod.metadata.namespace ?? "")
    .filter((job) => matchesSelector(job.spec.selector, pod.metadata.labels))
    .map(keyOf);
}

async function reconcile(parts: JobParts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const job = parts.jobs.get(namespace, name);
  if (job === undefined || isFinishedJob(job)) {
    await letGo(parts, { namespace, name, job });
    return done;
  }
  if (isManagedElsewhere(job)) return done;
  const now = parts.context.clock.now();
  const started = job.status?.startTime ?? (job.spec.suspend === true ? undefined : toTimestamp(now));
  let view = viewJob(job, await claimPods(parts, job), started);
  let ending = judgeJob(view, now);
  let managed: Managed = { active: view.active.length };
  let failure: unknown;
  try {
    if (ending !== undefined) {
      await endPods(parts, job, view.active);
      managed = { active: 0 };
    } else if (!isTerminating(job)) {
      managed = await managePods(parts, view);
      if (isCompleted(view, managed.active)) ending = completionsReached;
      else view = withSuspension(parts, view, now);
    }
  } catch (error) {
    failure = error;
  }
  await finishLook(parts, view, ending, managed);
  if (failure !== undefined) return { kind: "failed", error: failure };
  return nextCheck(view, managed, now);
}

/** Counts what ended, from what is there after pods were made and deleted. */
async function finishLook(parts: JobParts, view: JobView, ending: Ending | undefined, managed: Managed): Promise<void> {
  const { job } = view;
  const fresh = viewJob(job, parts.pods.ownedBy(job.metadata.uid), view.startTime);
  // Pods that were deleted because the job succeeded didn't fail: they count as what they were before.
  const pods =
    ending?.type === "SuccessCriteriaMet"
      ? view.pods
      : view.pods.map((pod) => parts.pods.get(pod.metadata.namespace, pod.metadata.name ?? "") ?? pod);
  await trackPods(
    parts,
    { ...view, pods },
    {
      active: ending === undefined ? Math.max(fresh.active.length, managed.active) : fresh.active.length,
      ready: fresh.ready,
      terminating: fresh.terminating,
      ending,
    },
  );
}

function claimPods(parts: JobParts, job: Job): Promise<Pod[]> {
  const { context, pods } = parts;
  const matches = (pod: Pod) => matchesSelector(job.spec.selector, pod.metadata.labels);
  const options = { api: context.api, informer: pods, owner: job, ownerResource: resources.jobs, matches };
  return claim(options, candidatesOf(pods, job));
}

/** Tells that the job was suspended or goes on; its clock starts anew then. */
function withSuspension({ events }: JobParts, view: JobView, now: number): JobView {
  const { job, conditions } = view;
  const current = findCondition(conditions, "Suspended");
  const status = job.spec.suspend === true ? "True" : "False";
  if (current === undefined ? status === "False" : current.status === status) return view;
  const isSuspended = status === "True";
  const message = isSuspended ? "Job suspended" : "Job resumed";
  events.normal(job, isSuspended ? "Suspended" : "Resumed", message);
  const time = toTimestamp(now);
  const condition = {
    type: "Suspended",
    status,
    reason: isSuspended ? "JobSuspended" : "JobResumed",
    message,
    lastProbeTime: time,
    lastTransitionTime: time,
  } as const;
  const index = conditions.findIndex(({ type }) => type === "Suspended");
  return {
    ...view,
    conditions: index < 0 ? [...conditions, condition] : conditions.with(index, condition),
    startTime: isSuspended ? undefined : time,
  };
}

function nextCheck(view: JobView, managed: Managed, now: number): Outcome {
  const left = timeToDeadline(view.job, view.startTime, now);
  const deadline = left === undefined ? done : requeueAfter(Math.max(left, 0) + 10);
  return managed.waitMs === undefined ? deadline : sooner(deadline, requeueAfter(managed.waitMs + 10));
}

interface Gone {
  readonly namespace: string;
  readonly name: string;
  readonly job: Job | undefined;
}

/** Nobody counts the pods of a job that has gone or is over any more. */
async function letGo(parts: JobParts, { namespace, name, job }: Gone): Promise<void> {
  const own =
    job === undefined
      ? parts.pods.list(namespace).filter((pod) => isOfJob(pod, name))
      : parts.pods.ownedBy(job.metadata.uid);
  await together(own.filter(isTracked), (pod) => untrack(parts, pod));
}

function isOfJob(pod: Pod, name: string): boolean {
  const owner = controllerOf(pod);
  return owner?.kind === "Job" && owner.name === name;
}
