import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalMicroTime, canonicalTime } from "./timestamp.ts";

test("times are written back in UTC, also those of the first century", () => {
  assert.equal(canonicalTime("2024-02-29T23:30:00.9+02:00"), "2024-02-29T21:30:00Z");
  assert.equal(canonicalTime("0001-01-01T00:00:02Z"), "0001-01-01T00:00:02Z");
  assert.equal(canonicalMicroTime("0099-12-31T02:00:00.123456+02:00"), "0099-12-31T00:00:00.123456Z");
});

test("a time in microseconds has six digits behind the point, no fewer and no more", () => {
  for (const text of ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.123Z", "2024-01-01T00:00:00.1234567Z"])
    assert.equal(canonicalMicroTime(text), undefined, text);
});

test("what is no time is none", () => {
  for (const text of ["2023-02-29T00:00:00Z", "2023-01-01T24:00:00Z", "2023-01-01", "x", ""])
    assert.equal(canonicalTime(text), undefined, text);
});
