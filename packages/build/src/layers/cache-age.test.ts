import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pruneCache, touch } from "./cache-age.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-cache-age-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("what nobody used for a month is taken away, what is used stays", async () => {
  const long = new Date(Date.now() - 40 * 24 * 60 * 60 * 1000);
  for (const name of ["used", "forgotten"]) {
    mkdirSync(join(folder, "prepared", name), { recursive: true });
    writeFileSync(join(folder, "prepared", name, "file"), "");
    utimesSync(join(folder, "prepared", name), long, long);
  }
  await touch(join(folder, "prepared", "used"));
  await touch(join(folder, "prepared", "never there"));
  await pruneCache(folder);
  assert.equal(existsSync(join(folder, "prepared", "used", "file")), true);
  assert.equal(existsSync(join(folder, "prepared", "forgotten")), false);
});
