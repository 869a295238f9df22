import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTable, sectionsFor } from "./command.ts";
import { parseSections } from "./sections.ts";

test("a section is a title and what bash is to do", () => {
  assert.deepEqual(parseSections("# why\n=== one\na\nb\n=== two\nneeds x.y\nc\n", "f"), [
    { title: "one", script: "a\nb\n", needs: undefined },
    { title: "two", script: "c\n", needs: "x.y" },
  ]);
  assert.throws(() => parseSections("a\n=== one\n", "f"), /f: before the first section: a/u);
});

test("every title is there once", () => {
  const titles = sectionsFor(true).map(({ title }) => title);
  assert.equal(new Set(titles).size, titles.length);
});

test("the table has a row for each section and counts what was told", () => {
  const result = (title: string, state: "passed" | "failed" | "skipped") => ({ title, state, reason: "" });
  const columns = new Map([
    ["1.27", [result("one", "passed"), result("two", "failed")]],
    ["1.34", [result("one", "passed"), result("two", "skipped")]],
  ]);
  assert.equal(
    formatTable(columns),
    "        1.27      1.34\none     passed    passed\ntwo     failed    skipped\npassed  1/2       1/1\n",
  );
});
