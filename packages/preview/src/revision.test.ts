import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PreviewError } from "./errors.ts";
import { failureOf } from "./revision.ts";

describe("failureOf", () => {
  it("tells what was thrown on purpose as it is", () =>
    assert.equal(failureOf(new PreviewError("unreachable", "chart redis is not there")), "chart redis is not there"));

  it("calls a defect a defect", () => {
    for (const error of [new TypeError("x is undefined"), new RangeError("x"), new Error("x")]) {
      assert.match(failureOf(error), /^a defect of the preview itself, please report it: x/);
    }
  });
});
