import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeAll } from "@fairway/yaml";
import { argumentsOf, parseRecord, recordPath } from "./case-files.ts";
import type { Outcome } from "./case-files.ts";
import { cases } from "./data/cases.ts";
import { runOurs } from "./our-helm.ts";
import { findHelm, runHelm } from "./real-helm.ts";

/** What helm says beside its error depends on the machine; the error itself does not. */
function errorOf(stderr: string): string {
  const start = stderr.startsWith("Error: ") ? 0 : stderr.indexOf("\nError: ") + 1;
  return start === 0 && !stderr.startsWith("Error: ") ? "" : stderr.slice(start);
}

/** Go looks at the keys of maps in random order, so the order of warnings says nothing. */
function warningsOf(stderr: string): string[] {
  return [...new Set(stderr.split("\n").filter((line) => /^level=(?:INFO|WARN) /u.test(line)))].sort();
}

function assertSame(ours: Outcome, theirs: Outcome): void {
  assert.equal(ours.stdout, theirs.stdout);
  assert.equal(errorOf(ours.stderr), errorOf(theirs.stderr));
  assert.equal(ours.status, theirs.status);
  if (theirs.status !== 0) return;
  assert.deepEqual(warningsOf(ours.stderr), warningsOf(theirs.stderr));
  assert.deepEqual(decodeAll(ours.stdout), decodeAll(theirs.stdout));
}

for (const one of cases) {
  test(`prints what helm prints: ${one.chart}, ${one.name}`, async () => {
    assertSame(await runOurs(argumentsOf(one)), parseRecord(readFileSync(recordPath(one), "utf8")));
  });
}

test("the recorded answers are those of a real helm", (context) => {
  const helm = findHelm();
  if (helm === undefined || process.env["FAIRWAY_HELM"] === undefined) {
    context.skip("set FAIRWAY_HELM to a helm 4.1 to compare the recorded answers with it");
    return;
  }
  for (const one of cases) {
    const now = runHelm(helm, argumentsOf(one));
    const then = parseRecord(readFileSync(recordPath(one), "utf8"));
    assert.equal(now.stdout, then.stdout, `${one.chart}, ${one.name}`);
    assert.equal(errorOf(now.stderr), errorOf(then.stderr), `${one.chart}, ${one.name}`);
  }
});
