import { equalJson } from "../../object/json-value.ts";
import {
  done,
  fromTimestamp,
  hasCode,
  keyOf,
  messageOf,
  requeueAfter,
  resources,
  splitKey,
  toTimestamp,
  unless,
  watching,
} from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import { controllerKeys, controllerReference } from "../../model/owner.ts";
import { isConditionTrue } from "../../model/condition.ts";
import { isTerminating } from "../../model/pod.ts";
import { finishCondition, isFinishedJob } from "../job/job-object.ts";
import type { Job } from "../job/job-object.ts";
import type { CronJob, CronJobStatus, JobReference } from "./cron-job-object.ts";
import { parseSchedule } from "./cron-schedule.ts";
import { dueTime, untilNext } from "./due-time.ts";
import { zonedTime } from "./zoned-time.ts";

const scheduledAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp";

interface Parts {
  readonly context: ControllerContext;
  readonly cronJobs: Informer<CronJob>;
  readonly jobs: Informer<Job>;
  readonly events: EventRecorder;
}

/** Makes jobs when they are due, and deletes those that finished long ago. */
export function cronJobController(context: ControllerContext): Controller {
  const parts: Parts = {
    context,
    cronJobs: context.informers.of<CronJob>(resources.cronJobs),
    jobs: context.informers.of<Job>(resources.jobs),
    events: context.eventsOf("cronjob-controller"),
  };
  return {
    name: "cronjob-controller",
    watches: [
      watching(parts.cronJobs, (cronJob) => [keyOf(cronJob)]),
      watching(parts.jobs, (job) => controllerKeys(job, "CronJob", "batch/")),
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

/** What one look works with; the status is written once, at its end. */
interface Look {
  readonly cronJob: CronJob;
  readonly jobs: readonly Job[];
  active: JobReference[];
  lastScheduleTime: string | null | undefined;
  lastSuccessfulTime: string | null | undefined;
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const cronJob = parts.cronJobs.get(namespace, name);
  if (cronJob === undefined) return done;
  const look: Look = {
    cronJob,
    jobs: parts.jobs.ownedBy(cronJob.metadata.uid),
    active: [...(cronJob.status?.active ?? [])],
    lastScheduleTime: cronJob.status?.lastScheduleTime,
    lastSuccessfulTime: cronJob.status?.lastSuccessfulTime,
  };
  await trimHistory(parts, look);
  recount(parts, look);
  let outcome: Outcome;
  try {
    outcome = isTerminating(cronJob) ? done : await startDue(parts, look);
  } catch (error) {
    outcome = { kind: "failed", error };
  }
  await writeStatus(parts, look);
  return outcome;
}

async function trimHistory(parts: Parts, look: Look): Promise<void> {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = look.cronJob.spec;
  for (const [type, limit] of [
    ["Complete", successfulJobsHistoryLimit],
    ["Failed", failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue;
    const finished = look.jobs
      .filter((job) => isConditionTrue(job.status?.conditions, type) && !isTerminating(job))
      .sort(byStart);
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) await remove(parts, look, job);
  }
}

function byStart(left: Job, right: Job): number {
  const [from, to] = [left, right].map((job) => fromTimestamp(job.status?.startTime) || Infinity);
  if (from !== to) return (from ?? 0) < (to ?? 0) ? -1 : 1;
  return (left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1;
}

async function remove({ context, events }: Parts, look: Look, job: Job): Promise<boolean> {
  try {
    const options = { propagation: "Background" } as const;
    await unless(["not-found"], context.api.delete(resources.jobs, job, options));
  } catch (error) {
    events.warning(look.cronJob, "FailedDelete", `Deleted job: ${messageOf(error)}`);
    return false;
  }
  look.active = look.active.filter(({ uid }) => uid !== job.metadata.uid);
  events.normal(look.cronJob, "SuccessfulDelete", `Deleted job ${job.metadata.name ?? ""}`);
  return true;
}

/** Which jobs are still active, and when the last succeeded. */
function recount({ jobs, events }: Parts, look: Look): void {
  for (const job of look.jobs) {
    const { uid = "", name = "" } = job.metadata;
    const isListed = look.active.some((reference) => reference.uid === uid);
    if (!isFinishedJob(job)) {
      if (!isListed && !isTerminating(job)) {
        events.warning(
          look.cronJob,
          "UnexpectedJob",
          `Saw a job that the controller did not create or forgot: ${name}`,
        );
      }
      continue;
    }
    if (isListed) {
      look.active = look.active.filter((reference) => reference.uid !== uid);
      const condition = finishCondition(job)?.type ?? "";
      events.normal(look.cronJob, "SawCompletedJob", `Saw completed job: ${name}, condition: ${condition}`);
    }
    const finished = isConditionTrue(job.status?.conditions, "Complete") ? job.status?.completionTime : undefined;
    if (fromTimestamp(finished) > fromTimestamp(look.lastSuccessfulTime)) look.lastSuccessfulTime = finished;
  }
  for (const reference of look.active) {
    if (jobs.get(look.cronJob.metadata.namespace, reference.name)?.metadata.uid === reference.uid) continue;
    events.normal(look.cronJob, "MissingJob", `Active job went missing: ${reference.name}`);
    look.active = look.active.filter((other) => other !== reference);
  }
}

async function startDue(parts: Parts, look: Look): Promise<Outcome> {
  const { cronJob } = look;
  const { events } = parts;
  const { schedule: text, timeZone, suspend, startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec;
  if (timeZone !== undefined && zonedTime(0, timeZone) === undefined) {
    events.warning(cronJob, "UnknownTimeZone", `invalid timeZone: "${timeZone}": unknown time zone ${timeZone}`);
    return { kind: "stalled", reason: "the time zone is not known" };
  }
  if (suspend === true) return done;
  const schedule = parseSchedule(text, timeZone);
  if (schedule === undefined) {
    events.warning(cronJob, "UnparseableSchedule", `unparseable schedule: "${text}"`);
    return { kind: "stalled", reason: "the schedule can't be read" };
  }
  const now = parts.context.clock.now();
  const due = dueTime(cronJob, schedule, now, true);
  if (due?.tooMany === true) {
    const advice = "Set or decrease .spec.startingDeadlineSeconds or check clock skew";
    events.warning(cronJob, "TooManyMissedTimes", `too many missed start times. ${advice}`);
  }
  const later = () => {
    const wait = untilNext({ ...cronJob, status: statusOf(look) }, schedule, now);
    return wait === undefined ? done : requeueAfter(wait);
  };
  const at = due?.at;
  if (at === undefined) return later();
  if (startingDeadlineSeconds !== undefined && at + startingDeadlineSeconds * 1000 < now) {
    const time = new Date(at).toUTCString().replace("GMT", "UTC");
    events.warning(cronJob, "MissSchedule", `Missed scheduled time to start a job: ${time}`);
    return later();
  }
  const name = `${cronJob.metadata.name ?? ""}-${Math.floor(at / 60_000)}`;
  const isStarted = look.active.some((reference) => reference.name === name);
  if (isStarted || fromTimestamp(look.lastScheduleTime) === at) return later();
  if (concurrencyPolicy === "Forbid" && look.active.length > 0) {
    const words = "Not starting job because prior execution is running and concurrency policy is Forbid";
    events.normal(cronJob, "JobAlreadyActive", words);
    return later();
  }
  if (concurrencyPolicy === "Replace") await removeActive(parts, look);
  await start(parts, look, name, at);
  return later();
}

async function removeActive(parts: Parts, look: Look): Promise<void> {
  for (const reference of look.active) {
    const job = parts.jobs.get(look.cronJob.metadata.namespace, reference.name);
    if (job !== undefined && !(await remove(parts, look, job))) {
      throw new Error(`could not replace job ${keyOf(job)}`);
    }
  }
}

/** The name is made of the time, so that no time has two jobs. */
async function start(parts: Parts, look: Look, name: string, at: number): Promise<void> {
  const { cronJob } = look;
  const { context, events } = parts;
  const { namespace = "" } = cronJob.metadata;
  const { metadata = {}, spec } = cronJob.spec.jobTemplate;
  const scheduled = zonedTime(at, cronJob.spec.timeZone ?? "UTC") ?? toTimestamp(at);
  const object = {
    metadata: {
      name,
      namespace,
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata.annotations, [scheduledAnnotation]: scheduled },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec,
  };
  let job: Job | undefined;
  try {
    job = await context.api.create<Job>(resources.jobs, object);
    events.normal(cronJob, "SuccessfulCreate", `Created job ${name}`);
  } catch (error) {
    if (hasCode(error, "namespace-terminating")) return;
    if (!hasCode(error, "already-exists")) {
      events.warning(cronJob, "FailedCreate", `Error creating job: ${messageOf(error)}`);
      throw error;
    }
    job = await context.api.get<Job>(resources.jobs, namespace, name);
  }
  look.lastScheduleTime = toTimestamp(at);
  const { uid, resourceVersion } = job?.metadata ?? {};
  if (job === undefined || uid === undefined || isFinishedJob(job)) return;
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  look.active.push({ kind: "Job", namespace, name, uid, apiVersion: "batch/v1", ...version });
}

function statusOf({ active, lastScheduleTime, lastSuccessfulTime }: Look): CronJobStatus {
  return {
    ...(active.length === 0 ? {} : { active }),
    ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
    ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
  };
}

async function writeStatus({ context }: Parts, look: Look): Promise<void> {
  const status = statusOf(look);
  if (equalJson(status, look.cronJob.status ?? {})) return;
  await context.api.update<CronJob>(resources.cronJobs, { ...look.cronJob, status }, "status");
}
