import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answersOf } from "../tests/oracle-answers.ts";
import { type Answer, type CaseGroup, allCases } from "../tests/oracle-cases.ts";

const answers = new URL("../testdata/answers/", import.meta.url);

function describe(group: CaseGroup, index: number): string {
  return JSON.stringify(group.templates?.[index] ?? group.formats?.[index]);
}

for (const [name, groups] of Object.entries(allCases())) {
  const count = groups.reduce((sum, group) => sum + (group.templates ?? group.formats ?? []).length, 0);
  test(`gives the recorded answer of Go to the ${count} cases of ${name}`, () => {
    const recorded = JSON.parse(readFileSync(new URL(`${name}.json`, answers), "utf8")) as Answer[][];
    assert.equal(recorded.flat().length, count, "cases and answers differ in number; record the answers again");
    const wrong: string[] = [];
    groups.forEach((group, groupIndex) => {
      answersOf(group).forEach((ours, index) => {
        const theirs = recorded[groupIndex]?.[index];
        if (JSON.stringify(ours) === JSON.stringify(theirs)) return;
        wrong.push(`${describe(group, index)}\n  Go:   ${JSON.stringify(theirs)}\n  ours: ${JSON.stringify(ours)}`);
      });
    });
    assert.equal(wrong.length, 0, `${wrong.length} of ${count} differ:\n${wrong.join("\n")}`);
  });
}
