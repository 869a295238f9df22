import assert from "node:assert/strict";
import { test } from "node:test";
import type { CronJob } from "./cron-job-object.ts";
import { parseSchedule } from "./cron-schedule.ts";
import { dueTime, untilNext } from "./due-time.ts";

const hourly = parseSchedule("0 * * * *", undefined);

function cronJob(lastScheduleTime: string, startingDeadlineSeconds?: number): CronJob {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "c", creationTimestamp: lastScheduleTime },
    spec: {
      schedule: "0 * * * *",
      ...(startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds }),
      jobTemplate: { spec: { template: { spec: { containers: [] } } } },
    },
    status: { lastScheduleTime },
  };
}

const at = (text: string) => Date.parse(text);

test("nothing is due before the first time", () => {
  assert.ok(hourly);
  assert.equal(dueTime(cronJob("2026-01-01T00:00:00Z"), hourly, at("2026-01-01T00:59:59Z"), true)?.at, undefined);
});

test("of several times that were missed the latest is due", () => {
  assert.ok(hourly);
  const due = dueTime(cronJob("2026-01-01T00:00:00Z"), hourly, at("2026-01-01T05:30:00Z"), true);
  assert.equal(due?.at, at("2026-01-01T05:00:00Z"));
  assert.equal(due?.tooMany, false);
});

test("more than a hundred missed times are told of, and still only the latest is due", () => {
  assert.ok(hourly);
  const due = dueTime(cronJob("2026-01-01T00:00:00Z"), hourly, at("2026-02-01T00:10:00Z"), true);
  assert.equal(due?.at, at("2026-02-01T00:00:00Z"));
  assert.equal(due?.tooMany, true);
});

test("what is older than the deadline is not due any more", () => {
  assert.ok(hourly);
  const due = dueTime(cronJob("2026-01-01T00:00:00Z", 60), hourly, at("2026-01-01T05:30:00Z"), true);
  assert.equal(due?.at, undefined);
});

test("the next look is a moment after the next time", () => {
  assert.ok(hourly);
  assert.equal(untilNext(cronJob("2026-01-01T00:00:00Z"), hourly, at("2026-01-01T00:59:00Z")), 60_100);
});
