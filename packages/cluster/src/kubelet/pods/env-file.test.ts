import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { envFileValue, findVariable } from "./env-file.ts";

test("a key is found among comments and values of several lines", () => {
  const text = "# first\n\n  A='1'\nB='two\nlines' # said\nC= 'nothing'\nD='x'\n";
  assert.equal(findVariable(text, "A"), "1");
  assert.equal(findVariable(text, "B"), "two\nlines");
  assert.equal(findVariable(text, "C"), "");
  assert.equal(findVariable(text, "D"), "x");
  assert.equal(findVariable(text, "E"), "");
});

test("what a line of another form may mean isn't guessed, but what stands before it counts", () => {
  for (const odd of ["A", "='1'", "A ='1'", "A=1", 'A="1"', "A='1' x", "A='1"])
    assert.equal(findVariable(`Z='1'\n${odd}\nB='2'\n`, "B"), undefined, odd);
  assert.equal(findVariable("B='2'\nA\n", "B"), "2");
});

test("a file is read in its volume, and a key that may be missing leaves its variable out", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-env-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "file"), "A='1'\n");
  symlinkSync("/etc/hostname", join(folder, "out"));
  const ask = (path: string, key: string, optional = false): string | undefined =>
    envFileValue({ volumeName: "v", path, key, optional }, folder);
  assert.equal(ask("file", "A"), "1");
  assert.equal(ask("file", "B", true), undefined);
  assert.throws(() => ask("file", "B"), {
    message: `environment variable key "B" not found in file "${join(folder, "file")}"`,
  });
  for (const path of ["none", "out"]) assert.throws(() => ask(path, "A", true), { message: "couldn't parse env file" });
  assert.throws(() => envFileValue({ volumeName: "v", path: "file", key: "A" }, undefined), {
    message: 'cannot find the volume "v" referenced by FileKeyRef',
  });
});
