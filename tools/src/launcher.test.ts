// The launcher as a person meets it: from anywhere, through a link, on a machine that lacks something.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { repositoryRoot } from "./tidy/repository.ts";

const launcher = join(repositoryRoot, "fairway");

function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairway-launcher-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function launch(command: string, options: { cwd?: string; path?: string } = {}) {
  const env = { ...process.env, PATH: options.path ?? process.env["PATH"] };
  return spawnSync(command, ["--version"], { cwd: options.cwd ?? repositoryRoot, env, encoding: "utf8" });
}

describe("the launcher", () => {
  test("builds once, and starts the same build from any folder and through a link", (t) => {
    assert.equal(launch(launcher).status, 0);
    const builtMs = statSync(join(repositoryRoot, "dist/fairway.js")).mtimeMs;
    const folder = scratchFolder(t);
    symlinkSync(launcher, join(folder, "fw"));
    const { stdout, stderr, status } = launch(join(folder, "fw"), { cwd: folder });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^fairway \d/);
    assert.equal(statSync(join(repositoryRoot, "dist/fairway.js")).mtimeMs, builtMs);
  });

  test("without npm says so and exits with 3", (t) => {
    const folder = scratchFolder(t);
    cpSync(launcher, join(folder, "fairway"));
    writeFileSync(join(folder, "package-lock.json"), "{}");
    const tools = join(folder, "bin");
    mkdirSync(tools);
    for (const tool of ["dirname", "find", "head", "cat", "mkdir", "rm", "readlink"]) {
      symlinkSync(spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim(), join(tools, tool));
    }
    const { status, stderr } = launch(join(folder, "fairway"), { path: tools });
    assert.equal(status, 3);
    assert.match(stderr, /npm was not found[^]*what to do: install Node/);
  });

  test("shows what npm said when the installation fails", (t) => {
    const folder = scratchFolder(t);
    cpSync(launcher, join(folder, "fairway"));
    writeFileSync(join(folder, "package-lock.json"), "not JSON");
    writeFileSync(join(folder, "package.json"), "{}");
    const { status, stderr } = launch(join(folder, "fairway"));
    assert.equal(status, 3);
    assert.match(stderr, /npm error[^]*installing dependencies[^]*failed[^]*what to do: read .*install\.log/);
  });
});
