import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { findTool, missingToolsLine } from "./tools.ts";

test("finds a program on the given path, and only one that can be run", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tools-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "fairway-test-program");
  writeFileSync(program, "");
  chmodSync(program, 0o644);
  assert.equal(findTool("fairway-test-program", folder), undefined);
  chmodSync(program, 0o755);
  assert.equal(findTool("fairway-test-program", folder), program);
});

test("says nothing when every tool is there", () => {
  assert.equal(missingToolsLine([]), undefined);
});

test("names the missing tools and their Debian packages in one line, each package once", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tools-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const wanted = ["containerd", "ctr", "conntrack"] as const;
  const line = missingToolsLine(wanted, folder);
  assert.equal(
    line,
    "containerd, ctr, conntrack are not on this machine: apt-get install --no-install-recommends conntrack containerd",
  );
});
