import assert from "node:assert/strict";
import test from "node:test";
import { ProgressReader } from "./progress.ts";
import type { SpecResult } from "./spec-result.ts";
import { failureLines, junit, tableBySig } from "./summary.ts";

const results: readonly SpecResult[] = [
  { name: "[sig-apps] one", state: "passed", seconds: 1.5, message: "" },
  { name: "[sig-apps] two", state: "failed", seconds: 2, message: 'expected <nil> & got "x"\u0007' },
  { name: "[sig-cli] three", state: "skipped", seconds: 0, message: "why" },
];

test("sums up by group and over all", () => {
  assert.deepEqual(tableBySig(results).split("\n"), [
    "sig   passed  failed  skipped  time",
    "apps       1       1        0   4 s",
    "cli        0       0        1   0 s",
    "all        1       1        1   4 s",
  ]);
});

test("lists what failed with its first line", () => {
  assert.deepEqual(failureLines(results), ["failed [sig-apps] two", '    expected <nil> & got "x"\u0007']);
});

test("writes JUnit with counts, and escapes what XML can't hold", () => {
  const xml = junit(results);
  assert.match(xml, /tests="3" failures="1" skipped="1" time="3\.5"/u);
  assert.match(xml, /message="expected &lt;nil&gt; &amp; got &quot;x&quot; "/u);
});

const output = `Running Suite: Kubernetes e2e suite
Will run 5 of 7355 specs
Running in parallel across 4 processes
••
------------------------------
• [FAILED] [4.311 seconds]
[sig-node] ConfigMap [It] should be there [Conformance] [sig-node, Conformance]
k8s.io/some/file.go:1

  Timeline >>
  • not a dot of its own
------------------------------
•S

Summarizing 1 Failure:
SUCCESS! -- 4 Passed | 1 Failed
`;

test("counts what is done and names what failed, however the output is cut", () => {
  for (const size of [1, 7, output.length]) {
    const reader = new ProgressReader();
    for (let at = 0; at < output.length; at += size) reader.push(output.slice(at, at + size));
    assert.deepEqual(
      reader.progress,
      { total: 5, done: 5, failed: ["[sig-node] ConfigMap should be there [Conformance] [sig-node, Conformance]"] },
      `cut into pieces of ${size}`,
    );
  }
});
