import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { describeViolations, violationsOf } from "./evaluate.ts";
import type { PodShape } from "./pod.ts";

interface UpstreamCase {
  readonly pod: PodShape;
  readonly answers: Readonly<Record<string, string>>;
}

const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, "testdata/upstream-pods.json"), "utf8"),
) as readonly UpstreamCase[];
const versions = [
  "v1.0",
  "v1.8",
  "v1.19",
  "v1.22",
  "v1.23",
  "v1.25",
  "v1.27",
  "v1.29",
  "v1.31",
  "v1.32",
  "v1.34",
  "latest",
];

describe("the Pod Security Standards", () => {
  for (const level of ["baseline", "restricted"] as const) {
    test(`say of ${cases.length} pods at ${level} what Kubernetes says, version by version`, () => {
      for (const { pod, answers } of cases) {
        let expected = "";
        for (const version of versions) {
          expected = answers[`${level}:${version}`] ?? expected;
          assert.equal(
            describeViolations(violationsOf(pod, { level, version })),
            expected,
            `${version} of ${JSON.stringify(pod)}`,
          );
        }
      }
    });
  }

  test("allow everything at privileged", () => {
    assert.deepEqual(violationsOf({ spec: { hostNetwork: true } }, { level: "privileged", version: "latest" }), []);
  });
});
