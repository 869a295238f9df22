import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { CliError } from "../cli-error.ts";
import { withSteadySources } from "./steady-sources.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-steady-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a source that goes while it is read is told with its path; what is missing elsewhere stays a defect", async () => {
  const path = join(folder, "orders/src/main.ts");
  const reading = (file: string) => withSteadySources(folder, () => readFile(file));
  await assert.rejects(reading(path), (error) => {
    assert.ok(error instanceof CliError);
    assert.equal(error.message, `${path} was there, and went while it was read`);
    assert.equal(error.exitCode, 3);
    return true;
  });
  await assert.rejects(reading(join(tmpdir(), "fairway-elsewhere")), { code: "ENOENT" });
});
