import assert from "node:assert/strict";
import { test } from "node:test";
import { readCorpus } from "../diff/corpus.ts";
import { formatCompatibility, readCompatibility } from "./compatibility.ts";
import { readKnownDifferences } from "./difference-list.ts";

test("COMPATIBILITY.md says what the list and the corpus say", () => {
  assert.equal(
    readCompatibility(),
    formatCompatibility(readKnownDifferences(), readCorpus()),
    "npm run oracle -- compatibility --page writes it",
  );
});

test("what differs is counted and named by its reason", () => {
  const scenario = { line: 1, needs: "api", kubectl: undefined, labels: {}, steps: [] } as const;
  const corpus = ["one", "two", "three_*"].map((title) => ({ ...scenario, file: "scenarios/x", title }));
  const page = formatCompatibility([{ reason: "Why.", scenarios: ["scenarios/x: three_*"] }], corpus);
  assert.match(page, /\*\*2 of 3 scenarios give the same answers \(66\.6 %, rounded down\)\.\*\*/u);
  assert.match(page, /\| scenarios\/x \| 2 \| 1 \| 66\.6 % \|/u);
  assert.match(page, /### Why\.\n\n- scenarios\/x: three\\_\\\*\n$/u);
  assert.match(formatCompatibility([], corpus), /## What differs\n\nNothing\.\n$/u);
});
