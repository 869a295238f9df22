import assert from "node:assert/strict";
import { test } from "node:test";
import { YamlError, decode, encode, parseDocuments } from "./index.ts";
import type { YamlErrorCode } from "./index.ts";

function codeOf(work: () => unknown): YamlErrorCode | "none" {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof YamlError, String(error));
    return error.code;
  }
  return "none";
}

test("a text that is too long is refused before it is read", () => {
  assert.equal(
    codeOf(() => decode("a: 12345\n", { limits: { textLengthMax: 5 } })),
    "too-long",
  );
});

test("nesting over the bound is an error in flow and in block style, never a stack overflow", () => {
  for (const depth of [1_001, 9_000, 200_000]) {
    const flow = "[".repeat(depth);
    assert.equal(
      codeOf(() => decode(flow)),
      "too-deep",
    );
    assert.equal(parseDocuments(flow).problems[0]?.code, "too-deep");
  }
  const block = "- ".repeat(5_000);
  assert.equal(
    codeOf(() => decode(block)),
    "too-deep",
  );
  assert.equal(
    codeOf(() => decode(flow(1_000))),
    "none",
  );
  assert.equal(
    codeOf(() => decode(flow(2_500), { limits: { depthMax: 1e9 } })),
    "too-deep",
  );
});

function flow(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

test("aliases that multiply are stopped, and an alias inside its own anchor is refused", () => {
  const levels = [..."abcdefghij"];
  const laughs = levels.map((name, index) => {
    const before = levels[index - 1];
    return `${name}: &${name} [${Array(10)
      .fill(before === undefined ? "x" : `*${before}`)
      .join(", ")}]`;
  });
  assert.equal(
    codeOf(() => decode(`${laughs.join("\n")}\n`)),
    "alias-budget",
  );
  assert.equal(parseDocuments(`${laughs.join("\n")}\n`).problems[0]?.code, "alias-budget");
  assert.equal(
    codeOf(() => decode("a: &a [*a]\n")),
    "recursive-anchor",
  );
});

test("the number of nodes is bounded", () => {
  const limits = { nodesMax: 100 };
  assert.equal(
    codeOf(() => decode(`[${Array(200).fill("[]").join(",")}]`, { limits })),
    "too-many-nodes",
  );
});

test("the writer refuses circles and values that YAML of Kubernetes cannot hold", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  for (const value of [circle, { a: Number.NaN }, [() => 1], { a: Symbol("x") }]) {
    assert.equal(
      codeOf(() => encode(value)),
      "unsupported-value",
    );
  }
});

test("hostile shapes of 200 kB are read or refused to the end", () => {
  const size = 200_000;
  const shapes = [
    "a: ",
    "- - ",
    "? ",
    ": ",
    "'",
    '"',
    "&a ",
    "!a ",
    "{a: ",
    "[a, ",
    "# ",
    "|\n",
    "\n ",
    "a\n",
    "*a ",
    "%",
    ", ",
  ];
  for (const shape of shapes) {
    const text = shape.repeat(size / shape.length);
    assert.ok(Array.isArray(parseDocuments(text).problems), shape);
  }
});
