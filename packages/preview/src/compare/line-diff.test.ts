import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { diffLines, hunks, type DiffLine } from "./line-diff.ts";

/** The length of the longest common subsequence, by the book. */
function commonLength(before: readonly string[], after: readonly string[]): number {
  let row = Array.from({ length: after.length + 1 }, () => 0);
  for (const line of before) {
    const next = [0];
    for (const [index, other] of after.entries()) {
      next.push(line === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function side(lines: readonly DiffLine[], sign: "+" | "-"): readonly string[] {
  return lines.filter((line) => line.sign === " " || line.sign === sign).map((line) => line.text);
}

/** A small generator of numbers, so that a failure can be repeated by its seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % sides;
  };
}

describe("diffLines", () => {
  it("gives both sides back and is as short as it can be, for 500 random pairs", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const roll = dice(seed * 7919);
      const text = () => Array.from({ length: roll(30) }, () => "abcdef".charAt(roll(6)));
      const before = text();
      const after = text();
      const lines = diffLines(before, after);
      assert.deepEqual(side(lines, "-"), before, `seed ${seed}`);
      assert.deepEqual(side(lines, "+"), after, `seed ${seed}`);
      const same = lines.filter((line) => line.sign === " ").length;
      assert.equal(same, commonLength(before, after), `seed ${seed}`);
    }
  });

  it("replaces everything between the common ends when there are too many edits", () => {
    const before = ["same", ...Array.from({ length: 3_000 }, (_, index) => `old ${index}`), "end"];
    const after = ["same", ...Array.from({ length: 3_000 }, (_, index) => `new ${index}`), "end"];
    const lines = diffLines(before, after);
    assert.deepEqual(side(lines, "-"), before);
    assert.deepEqual(side(lines, "+"), after);
    assert.equal(lines.filter((line) => line.sign === " ").length, 2);
  });

  it("says nothing but the lines themselves for equal texts", () => {
    assert.deepEqual(diffLines(["a", "b"], ["a", "b"]), [
      { sign: " ", text: "a" },
      { sign: " ", text: "b" },
    ]);
    assert.deepEqual(diffLines([], []), []);
  });
});

describe("hunks", () => {
  it("keeps some lines around each change and marks what it leaves out between them", () => {
    const after = Array.from({ length: 12 }, (_, index) => (index === 2 || index === 9 ? "new" : `${index}`));
    const before = Array.from({ length: 12 }, (_, index) => `${index}`);
    const shown = hunks(diffLines(before, after), 1).map((line) => (line ? line.sign + line.text : "..."));
    assert.deepEqual(shown, [" 1", "-2", "+new", " 3", "...", " 8", "-9", "+new", " 10"]);
  });
});
