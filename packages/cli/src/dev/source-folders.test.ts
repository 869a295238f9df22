import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { isSource, sourceFolders } from "./source-folders.ts";
import { nextDevVersion } from "./dev-version.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "fairway-sources-")));
after(() => rmSync(root, { recursive: true, force: true }));

function addPackage(folder: string, dependencies: readonly string[]): string {
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  const versions = Object.fromEntries(dependencies.map((name) => [name, "1.0.0"]));
  writeFileSync(join(path, "package.json"), JSON.stringify({ dependencies: versions }));
  return path;
}

test("packages of the repository are watched as deep as they stand on each other, installed ones are not", () => {
  const service = addPackage("services/orders", ["@acme/kit", "pg"]);
  const kit = addPackage("packages/kit", ["@acme/base", "@acme/absent"]);
  const base = addPackage("packages/base", ["@acme/kit"]);
  addPackage("packages/other", []);
  addPackage("node_modules/pg", ["pg-types"]);
  mkdirSync(join(root, "node_modules/@acme"), { recursive: true });
  symlinkSync("../../packages/kit", join(root, "node_modules/@acme/kit"));
  symlinkSync("../../packages/base", join(root, "node_modules/@acme/base"));
  assert.deepEqual(sourceFolders(service).toSorted(), [base, kit, service]);
});

test("tests, build output and what editors leave behind are no sources", () => {
  for (const path of ["src/main.ts", "migrations/0001.sql", "storefront/store.css", "package.json", "service.yaml"]) {
    assert.ok(isSource(path), path);
  }
  for (const path of [
    "src/main.test.ts",
    "tests/orders.ts",
    "dist/main.js",
    "node_modules/pg/index.js",
    ".git/index",
    "src/.main.ts.swp",
    "src/main.ts~",
    "src/4913",
    "README.md",
  ]) {
    assert.ok(!isSource(path), path);
  }
});

test("versions count what was tried", () => {
  assert.equal(nextDevVersion("0.1.0"), "0.1.0-dev.1");
  assert.equal(nextDevVersion("0.1.0-dev.9"), "0.1.0-dev.10");
});
