import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CliError } from "./cli-error.ts";
import { asSystemFailure } from "./system-failure.ts";

const refused = (code: string, path?: string) => Object.assign(new Error(`${code}: no`), { code, path });

test("what the system refuses is said with its place and what to do, however deep it lies", () => {
  const failure = asSystemFailure(new Error("writing", { cause: refused("ENOSPC", "/data/x") }));
  assert.equal(failure?.message, "/data/x: the disk is full (ENOSPC: no)");
  assert.match(failure?.hint ?? "", /^free some space/u);
  assert.equal(failure?.exitCode, 3);
  assert.match(asSystemFailure(refused("EROFS"))?.message ?? "", /^this can only be read/u);
});

test("a defect stays a defect, and what was said already is not said otherwise", () => {
  assert.equal(asSystemFailure(new TypeError("boom")), undefined);
  assert.equal(asSystemFailure(new CliError("environment", "said", { cause: refused("EACCES") })), undefined);
  try {
    readFileSync("/nowhere/at/all");
  } catch (error) {
    assert.equal(asSystemFailure(error), undefined, "a file that is missing may well be a defect");
  }
});
