import assert from "node:assert/strict";
import test from "node:test";
import { validateValue } from "./validate-value.ts";

const messages = (value: unknown, allowed: readonly unknown[]): readonly string[] =>
  validateValue(value, { enum: [...allowed] }).map(({ message }) => message);

test("a number is one of the allowed ones when it is after it was cut to a whole one, as in Go", () => {
  assert.deepEqual(messages(1.5, [1, 2]), []);
  assert.deepEqual(messages(97, ["a"]), []);
  assert.deepEqual(messages(2.5, [1.5]), ['Unsupported value: 2.5: supported values: "1.5"']);
  assert.deepEqual(messages("1", [1]), ['Unsupported value: "1": supported values: "1"']);
});

test("a number too large for 64 bits is shown with an exponent", () => {
  assert.deepEqual(messages(1e20, [1]), ['Unsupported value: 1e+20: supported values: "1"']);
});

test("a large whole number is a multiple exactly or not at all", () => {
  const wrong = (value: number): number => validateValue(value, { type: "integer", multipleOf: 3 }).length;
  assert.equal(wrong(2_147_483_646), 0);
  assert.equal(wrong(2_147_483_648), 1);
});
