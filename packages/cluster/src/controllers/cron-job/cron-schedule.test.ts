import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSchedule } from "./cron-schedule.ts";

function nextOf(schedule: string, after: string, timeZone?: string): string | undefined {
  const ms = parseSchedule(schedule, timeZone)?.next(Date.parse(after));
  return ms === undefined ? undefined : new Date(ms).toISOString().replace(".000Z", "Z");
}

test("the next time is after the given one, never at it", () => {
  assert.equal(nextOf("*/5 * * * *", "2026-03-01T10:05:00Z"), "2026-03-01T10:10:00Z");
  assert.equal(nextOf("0 3 * * *", "2026-03-01T03:00:00Z"), "2026-03-02T03:00:00Z");
});

test("names, ranges, lists and steps are read", () => {
  assert.equal(nextOf("30 6-16/4 * * MON-FRI", "2026-11-20T14:31:00Z"), "2026-11-23T06:30:00Z");
  assert.equal(nextOf("0 0 1 jan,jul *", "2026-02-01T00:00:00Z"), "2026-07-01T00:00:00Z");
  assert.equal(nextOf("@monthly", "2026-02-01T00:00:00Z"), "2026-03-01T00:00:00Z");
});

test("a day of the month and one of the week: either is enough", () => {
  assert.equal(nextOf("0 0 13 * FRI", "2026-11-01T00:00:00Z"), "2026-11-06T00:00:00Z");
  assert.equal(nextOf("0 0 13 * FRI", "2026-11-06T00:00:00Z"), "2026-11-13T00:00:00Z");
});

test("a time zone moves the hours, and its clock changes are heeded", () => {
  assert.equal(nextOf("0 9 * * *", "2026-01-10T00:00:00Z", "Europe/Berlin"), "2026-01-10T08:00:00Z");
  assert.equal(nextOf("0 9 * * *", "2026-07-10T00:00:00Z", "Europe/Berlin"), "2026-07-10T07:00:00Z");
  assert.equal(nextOf("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin"), "2026-03-30T00:30:00Z");
});

test("a date that never comes ends the search", () => {
  assert.equal(nextOf("0 0 30 2 *", "2026-01-01T00:00:00Z"), undefined);
});

test("what is no schedule, or in a zone that nobody knows, is not taken for one", () => {
  assert.equal(parseSchedule("* * * *", undefined), undefined);
  assert.equal(parseSchedule("0 0 * * *", "Nowhere/City"), undefined);
});

test("an interval counts from the last time", () => {
  assert.equal(nextOf("@every 90m", "2026-01-01T00:00:10Z"), "2026-01-01T01:30:10Z");
});
