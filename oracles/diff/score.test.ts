import assert from "node:assert/strict";
import { test } from "node:test";
import { compareClusters, type Judgement } from "./judge.ts";
import type { Told } from "./run-corpus.ts";
import type { Scenario } from "./scenario.ts";
import { formatReport, formatScores, percent, scoresOf } from "./score.ts";

const different = [{ path: "[0].status", expected: 200, found: 404 }];
const judgement: Judgement = {
  results: [
    { file: "scenarios/b", title: "one", differences: [] },
    { file: "scenarios/b", title: "two", differences: different },
    { file: "invalid/a", title: "three", differences: [] },
  ],
  skipped: [{ file: "scenarios/b", title: "four", reason: "no helm" }],
};

test("each file has its score, and all together have one", () => {
  const { files, all } = scoresOf(judgement);
  assert.deepEqual(files, [
    { file: "invalid/a", same: 1, different: 0, skipped: 0, share: 1 },
    { file: "scenarios/b", same: 1, different: 1, skipped: 1, share: 0.5 },
  ]);
  assert.deepEqual(all, { file: "all", same: 2, different: 1, skipped: 1, share: 2 / 3 });
  assert.match(formatScores(judgement), /^scenarios\/b +1 +1 +1 +50\.0 %$/mu);
  assert.match(formatScores(judgement), /^all +2 +1 +1 +66\.6 %$/mu);
});

test("the report says what was expected and what was found, and what was skipped", () => {
  const report = formatReport(judgement);
  assert.match(report, /^# 2 of 3 scenarios give the same answers/u);
  assert.match(report, /- two\n {2}```text\n {2}\[0\]\.status\n {4}expected 200\n {4}found {4}404\n/u);
  assert.match(report, /- scenarios\/b: four: no helm/u);
});

test("only all of them are a hundred percent", () => {
  assert.equal(percent(0.9999), "99.9 %");
  assert.equal(percent(1), "100.0 %");
});

test("a scenario that could not be told to its end differs, and one that was skipped does not count", () => {
  const scenario: Scenario = {
    file: "f",
    line: 1,
    title: "t",
    needs: "api",
    kubectl: undefined,
    labels: {},
    steps: [],
  };
  const answers = [{ step: "GET /x", status: 200, headers: {}, body: {} }];
  const right: Told = { outcome: "told", scenario, answers };
  const brokenOff: Told = { outcome: "broken off", scenario, reason: "refused" };
  const skipped: Told = { outcome: "skipped", scenario, reason: "no kubectl" };
  const places = (first: Told, second: Told) =>
    compareClusters([first], [second]).results.map((each) => each.differences);
  assert.deepEqual(places(right, right), [[]]);
  assert.equal(places(right, brokenOff)[0]?.[0]?.found, "refused");
  assert.equal(places(brokenOff, right)[0]?.length, 1);
  assert.deepEqual(places(right, skipped), []);
});
