import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatProblem } from "./format-problem.ts";
import type { Problem } from "./problem.ts";

const problem: Problem = {
  severity: "error",
  code: "wrong-type",
  file: "orders/service.yaml",
  line: 2,
  column: 10,
  path: "spec.scale.min",
  message: 'spec.scale.min must be a whole number; found the text "two"',
};

describe("a problem is shown", () => {
  test("with its place, the line that it is about, and a caret below the column", () => {
    assert.equal(
      formatProblem(problem, "scale:\n  - min: two\n"),
      [
        'orders/service.yaml:2:10: error: spec.scale.min must be a whole number; found the text "two"',
        "  2 |   - min: two",
        "    |          ^",
      ].join("\n"),
    );
  });

  test("with what is allowed and the nearest name, unless the message has said it", () => {
    const shown = formatProblem({ ...problem, allowed: "a whole number", suggestion: "min" }, undefined);
    assert.ok(!shown.includes("allowed:"));
    assert.match(shown, /did you mean min\?$/);
    assert.match(formatProblem({ ...problem, allowed: "1, 2" }, undefined), /allowed: 1, 2$/);
  });

  test("in the style that is given", () => {
    const style = Object.fromEntries(
      ["bold", "dim", "bad", "warning", "good"].map((name) => [name, (text: string) => `<${name}>${text}</>`]),
    );
    const { bold, dim, bad, warning, good } = style;
    assert.ok(bold && dim && bad && warning && good);
    const shown = formatProblem({ ...problem, severity: "warning" }, undefined, { bold, dim, bad, warning, good });
    assert.match(shown, /^<bold>orders\/service.yaml:2:10<\/>: <warning>warning:<\/> spec/);
  });

  test("with the part of a long line that it is about", () => {
    const line = `${"x".repeat(10_000)}HERE${"y".repeat(10_000)}`;
    const [, excerpt = "", caret = ""] = formatProblem({ ...problem, line: 1, column: 10_001 }, line).split("\n");
    assert.ok(excerpt.length < 200);
    assert.equal(excerpt.slice(caret.indexOf("^"), caret.indexOf("^") + 4), "HERE");
  });

  test("with the caret in its place when the file begins with a byte order mark", () => {
    const [, excerpt = "", caret = ""] = formatProblem({ ...problem, line: 1, column: 1 }, "\uFEFFkind: x").split("\n");
    assert.equal(excerpt.at(caret.indexOf("^")), "k");
  });

  test("without anything that a terminal acts on: no colours, no line breaks, no reversed text", () => {
    const hostile = "\u001b[31m\u009b2J\u202Etxt\u0007\r\n";
    const shown = formatProblem(
      { ...problem, line: 1, file: hostile, message: hostile, allowed: `one of ${hostile}`, suggestion: hostile },
      hostile,
    );
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(shown), JSON.stringify(shown));
    assert.equal(shown.split("\n").length, 5);
  });
});
