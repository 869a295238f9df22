import assert from "node:assert/strict";
import { test } from "node:test";
import { unifiedDiff } from "./unified-diff.ts";

const lines = (text: string): string[] => text.split(" ");

test("shows a change with three lines around it", () => {
  const diff = unifiedDiff(lines("a b c d e f g h i"), lines("a b c d X f g h i"));
  assert.equal(diff, "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n");
});

test("shows changes far from each other apart, near ones together", () => {
  const far = unifiedDiff(lines("1 a a a a a a a 2"), lines("X a a a a a a a Y"));
  assert.equal(far, "@@ -1,4 +1,4 @@\n-1\n+X\n a\n a\n a\n@@ -6,4 +6,4 @@\n a\n a\n a\n-2\n+Y\n");
  const near = unifiedDiff(lines("1 a a 2"), lines("X a a Y"));
  assert.equal(near, "@@ -1,4 +1,4 @@\n-1\n+X\n a\n a\n-2\n+Y\n");
});

test("shows what was added to nothing, and nothing when nothing changed", () => {
  assert.equal(unifiedDiff([], ["a"]), "@@ -0,0 +1 @@\n+a\n");
  assert.equal(unifiedDiff(["a"], ["a"]), "");
});
