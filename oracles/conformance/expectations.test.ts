import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { formatExpectations, mergeResults, namesNotListed, parseExpectations, regressions } from "./expectations.ts";
import type { SpecResult } from "./spec-result.ts";

const text = `# a remark
passed [sig-a] one
failed [sig-a] two
    there is no second node
skipped [sig-b] three
    (no reason written down yet)
`;

function result(name: string, state: SpecResult["state"], message = ""): SpecResult {
  return { name, state, seconds: 1, message };
}

test("reads a file and writes it back as it was", () => {
  const parsed = parseExpectations(text, "file");
  assert.deepEqual(parsed[1], { name: "[sig-a] two", state: "failed", reason: "there is no second node" });
  assert.equal(formatExpectations(["a remark"], parsed), text);
});

test("names the line that it can't read, and a name that is there twice", () => {
  assert.throws(() => parseExpectations("passed a\nworked b\n", "file"), { message: /^file:2: /u });
  assert.throws(() => parseExpectations("    reason of nothing\n", "file"), { message: /^file:1: /u });
  assert.throws(() => parseExpectations("passed a\nfailed a\n", "file"), { message: /has a twice/u });
});

test("keeps a reason for as long as its spec does not pass", () => {
  const known = parseExpectations(text, "file");
  const still = mergeResults(known, [result("[sig-a] two", "failed", "another message")]);
  assert.equal(still.find((each) => each.name === "[sig-a] two")?.reason, "there is no second node");
  const now = mergeResults(known, [result("[sig-a] two", "passed")]);
  assert.deepEqual(
    now.find((each) => each.name === "[sig-a] two"),
    { name: "[sig-a] two", state: "passed", reason: "" },
  );
});

test("writes the message of a new failure as its reason, and keeps specs that were not run", () => {
  const merged = mergeResults(parseExpectations(text, "file"), [result("[sig-a] one", "failed", "broken")]);
  assert.deepEqual(
    merged.map((each) => [each.name, each.state, each.reason]),
    [
      ["[sig-a] one", "failed", "broken"],
      ["[sig-a] two", "failed", "there is no second node"],
      ["[sig-b] three", "skipped", "(no reason written down yet)"],
    ],
  );
});

test("finds each spec that stopped passing: failed, skipped or gone", () => {
  const results = [result("a", "passed"), result("b", "failed", "broken"), result("c", "skipped", "why")];
  assert.deepEqual(
    regressions(["a", "b", "c", "d"], results).map((each) => each.name),
    ["b", "c", "d"],
  );
  assert.deepEqual(regressions(["a"], results), []);
});

test("the committed results of the real cluster cover the suite, with a reason for all that did not pass", () => {
  const file = join(import.meta.dirname, "data", "real-cluster.txt");
  const committed = parseExpectations(readFileSync(file, "utf8"), file);
  assert.equal(committed.length, 441);
  for (const each of committed) {
    if (each.state !== "passed") assert.doesNotMatch(each.reason, /^$|no reason written down/u, each.name);
  }
});

test("says what passes though nobody expects it", () => {
  const results = [result("a", "passed"), result("b", "failed", "broken"), result("c", "passed")];
  assert.deepEqual(namesNotListed(["a"], results), ["c"]);
});

for (const [part, whole] of [
  ["live-lane.txt", "real-cluster.txt"],
  ["embedded-live-lane.txt", "embedded-cluster.txt"],
])
  test(`${part} expects nothing but what passes in ${whole}`, () => {
    const passing = (file: string): ReadonlySet<string> => {
      const text = readFileSync(join(import.meta.dirname, "data", file), "utf8");
      const listed = parseExpectations(text, file).filter(({ state }) => state === "passed");
      return new Set(listed.map(({ name }) => name));
    };
    const expected = passing(part ?? "");
    assert.ok(expected.size > 0);
    assert.deepEqual([...expected.difference(passing(whole ?? ""))], []);
  });
