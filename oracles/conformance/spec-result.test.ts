import assert from "node:assert/strict";
import test from "node:test";
import { firstLine, parseReport, parseSuiteFailures, sigOf } from "./spec-result.ts";

function spec(changes: object): object {
  return {
    ContainerHierarchyTexts: ["[sig-apps] Things", "in a group"],
    LeafNodeType: "It",
    LeafNodeText: "should work [Conformance]",
    State: "passed",
    NumAttempts: 1,
    RunTime: 1_234_000_000,
    ...changes,
  };
}

function report(...specs: object[]): string {
  return JSON.stringify([{ SpecReports: specs }]);
}

test("joins the words of a spec's name and rounds its time", () => {
  assert.deepEqual(parseReport(report(spec({}))), [
    { name: "[sig-apps] Things in a group should work [Conformance]", state: "passed", seconds: 1.2, message: "" },
  ]);
});

test("leaves out specs that weren't chosen, and keeps those that skipped themselves", () => {
  const notChosen = spec({ State: "skipped", NumAttempts: 0, LeafNodeText: "a" });
  const skipped = spec({ State: "skipped", LeafNodeText: "b", Failure: { Message: "needs two nodes" } });
  const pending = spec({ State: "pending", LeafNodeText: "c" });
  const results = parseReport(report(notChosen, skipped, pending));
  assert.deepEqual(
    results.map(({ state, message }) => [state, message]),
    [["skipped", "needs two nodes"]],
  );
});

test("takes every other end for a failure, with its first line or at least its kind", () => {
  const failed = spec({ State: "failed", LeafNodeText: "a", Failure: { Message: "\n  expected 1\nto equal 2" } });
  const panicked = spec({ State: "panicked", LeafNodeText: "b" });
  const results = parseReport(report(failed, panicked));
  assert.deepEqual(
    results.map(({ state, message }) => [state, message]),
    [
      ["failed", "expected 1"],
      ["failed", "panicked"],
    ],
  );
});

test("tells failures outside of the specs apart", () => {
  const before = { LeafNodeType: "SynchronizedBeforeSuite", State: "failed", Failure: { Message: "no nodes" } };
  const text = report(before, spec({ State: "failed" }));
  assert.deepEqual(parseSuiteFailures(text), ["SynchronizedBeforeSuite: no nodes"]);
  assert.equal(parseReport(text).length, 1);
});

test("refuses what is not a report", () => {
  assert.throws(() => parseReport("{}"), { code: "bad-input" });
});

test("adds the next line to a first line that ends with a colon", () => {
  assert.equal(
    firstLine("Unexpected error:\n    <*url.Error>: refused\n more"),
    "Unexpected error: <*url.Error>: refused",
  );
  assert.equal(firstLine(""), "");
});

test("reads the group off a spec's name", () => {
  assert.equal(sigOf("[sig-api-machinery] Watchers should [Conformance]"), "api-machinery");
  assert.equal(sigOf("no group"), "none");
});
