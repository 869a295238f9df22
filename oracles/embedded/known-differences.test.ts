import assert from "node:assert/strict";
import { test } from "node:test";
import { correctedBy, formatKnownDifferences, parseKnownDifferences } from "./known-differences.ts";
import { surprisesOf, unexplained } from "./known-differences.ts";

const known = [
  { reason: "Why.", scenarios: ["x: one", "x: two"] },
  { reason: "Because.", scenarios: ["y: three"] },
];

test("a list reads as it was written", () => {
  assert.deepEqual(parseKnownDifferences(formatKnownDifferences(known), "list"), known);
});

test("a scenario without a reason, or listed twice, is refused with its place", () => {
  assert.throws(() => parseKnownDifferences("x: one\n", "list"), /list:1: a scenario stands before every reason/u);
  assert.throws(() => parseKnownDifferences("== A\nx: one\n== B\nx: one\n", "list"), /list:4: .* twice/u);
});

test("a run surprises by what differs unlisted, and by what is listed and equal; what it skipped says nothing", () => {
  assert.deepEqual(surprisesOf(known, { same: ["x: one", "z: four"], different: ["x: two", "z: five"] }), {
    unlisted: ["z: five"],
    equalNow: ["x: one"],
  });
});

test("a correction keeps reasons, drops what is equal or gone, and puts what is new last", () => {
  const corpus = new Set(["x: one", "x: two", "z: five"]);
  assert.deepEqual(correctedBy(known, { unlisted: ["z: five"], equalNow: ["x: one"] }, corpus), [
    { reason: "Why.", scenarios: ["x: two"] },
    { reason: "Because.", scenarios: [] },
    { reason: unexplained, scenarios: ["z: five"] },
  ]);
});
