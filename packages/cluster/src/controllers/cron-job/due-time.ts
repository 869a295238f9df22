import { fromTimestamp } from "../../loop/index.ts";
import type { CronJob } from "./cron-job-object.ts";
import type { CronSchedule } from "./cron-schedule.ts";

/** Clocks differ a little; a look just before the time would have to be repeated. */
const lateByMs = 100;
/** So many missed times are told of. */
const missedMax = 100;

export interface DueTime {
  /** The latest time at which a job was due and none was made. */
  readonly at: number | undefined;
  readonly tooMany: boolean;
  readonly since: number;
  readonly missed: boolean;
}

/** Undefined when the schedule never comes. */
export function dueTime(
  cronJob: CronJob,
  schedule: CronSchedule,
  now: number,
  heedsDeadline: boolean,
): DueTime | undefined {
  const { startingDeadlineSeconds: deadline } = cronJob.spec;
  let since = fromTimestamp(cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp);
  if (heedsDeadline && deadline !== undefined) since = Math.max(since, now - deadline * 1000);
  const first = schedule.next(since);
  if (first === undefined) return undefined;
  if (now < first) return { at: undefined, tooMany: false, since, missed: false };
  const second = schedule.next(first);
  if (second === undefined || now < second) return { at: first, tooMany: false, since, missed: false };
  const step = second - first;
  const missed = Math.floor((now - first) / step) + 1;
  // From about the last but one on, so that the number of steps doesn't grow with the time that was missed.
  let at: number | undefined;
  for (let next = schedule.next(first + (missed - 2) * step); next !== undefined && next <= now;) {
    at = next;
    next = schedule.next(next);
  }
  return { at, tooMany: missed > missedMax, since, missed: true };
}

/** Milliseconds until the next look is worth it. */
export function untilNext(cronJob: CronJob, schedule: CronSchedule, now: number): number | undefined {
  const due = dueTime(cronJob, schedule, now, false);
  const from = due === undefined ? now : (due.at ?? (due.missed ? now : due.since));
  const next = schedule.next(from);
  return next === undefined ? undefined : next + lateByMs - now;
}
