import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { publishFolder } from "./publish.ts";

test("gives a folder its name, and leaves the folder of somebody who was first", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "publish-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const make = (name: string): string => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "who"), name);
    return join(folder, name);
  };
  publishFolder(make("first"), join(folder, "done"));
  publishFolder(make("second"), join(folder, "done"));
  assert.equal(readFileSync(join(folder, "done", "who"), "utf8"), "first");
  assert.throws(() => publishFolder(join(folder, "nothing"), join(folder, "other")), { code: "ENOENT" });
});
