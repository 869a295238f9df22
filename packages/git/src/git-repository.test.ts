import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { GitError } from "./git-error.ts";
import { GitRepository } from "./git-repository.ts";

function newRepository(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "fairway-git-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: directory,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  return { directory, git };
}

describe("a repository", () => {
  test("is read at a revision, whatever lies in the folder", async (t) => {
    const { directory, git } = newRepository(t);
    writeFileSync(join(directory, "süß und neu.yaml"), "a: 1\n");
    symlinkSync("elsewhere", join(directory, "link"));
    git("add", "-A");
    git("commit", "--quiet", "-m", "one");
    writeFileSync(join(directory, "süß und neu.yaml"), "a: 2\n");
    git("commit", "--quiet", "-am", "two");
    writeFileSync(join(directory, "süß und neu.yaml"), "not committed");

    await using repository = await GitRepository.open(directory);
    const read = async (revision: string) => {
      const entries = await repository.list(await repository.resolve(revision));
      const entry = entries.find((each) => each.path === "süß und neu.yaml");
      assert.ok(entry);
      return Buffer.from(await repository.read(entry.id)).toString();
    };
    assert.equal(await read("main"), "a: 2\n");
    assert.equal(await read("main~1"), "a: 1\n");
    const kinds = (await repository.list(await repository.resolve("main"))).map((each) => each.kind);
    assert.deepEqual(kinds.toSorted(), ["file", "link"]);
  });

  test("answers many questions at once in their order, with empty and large files among them", async (t) => {
    const { directory, git } = newRepository(t);
    const sizes = Array.from({ length: 600 }, (_, index) => (index % 50 === 0 ? index * 4_000 : index % 7));
    for (const [index, size] of sizes.entries())
      writeFileSync(join(directory, `f${index}`), `${index}`.padEnd(size, "x"));
    git("add", "-A");
    git("commit", "--quiet", "-m", "many");
    await using repository = await GitRepository.open(directory);
    const entries = await repository.list(await repository.resolve("HEAD"));
    const contents = await Promise.all(
      entries.map(async (each) => [each.path, Buffer.from(await repository.read(each.id)).toString()]),
    );
    assert.deepEqual(
      Object.fromEntries(contents),
      Object.fromEntries(sizes.map((size, index) => [`f${index}`, `${index}`.padEnd(size, "x")])),
    );
  });

  test("names what is missing: the repository, the revision, the object", async (t) => {
    const { directory, git } = newRepository(t);
    git("commit", "--quiet", "--allow-empty", "-m", "empty");
    const code = (expected: string) => (error: unknown) => error instanceof GitError && error.code === expected;
    await using repository = await GitRepository.open(directory);
    await assert.rejects(repository.resolve("nope"), code("unknown-revision"));
    await assert.rejects(repository.resolve("--all"), code("unknown-revision"));
    await assert.rejects(repository.read("0".repeat(40)), code("object-missing"));
    assert.deepEqual(await repository.list(await repository.resolve("HEAD")), []);
    const elsewhere = mkdtempSync(join(tmpdir(), "fairway-no-git-"));
    t.after(() => rmSync(elsewhere, { recursive: true }));
    await assert.rejects(GitRepository.open(elsewhere), code("not-a-repository"));
  });

  test("knows its remotes and the common ancestor of two branches", async (t) => {
    const { directory, git } = newRepository(t);
    git("remote", "add", "origin", "https://example.com/state.git");
    git("commit", "--quiet", "--allow-empty", "-m", "root");
    const root = git("rev-parse", "HEAD");
    git("switch", "--quiet", "-c", "side");
    git("commit", "--quiet", "--allow-empty", "-m", "side");
    git("switch", "--quiet", "main");
    git("commit", "--quiet", "--allow-empty", "-m", "main");
    await using repository = await GitRepository.open(directory);
    assert.deepEqual(await repository.remoteUrls(), ["https://example.com/state.git"]);
    assert.equal(await repository.mergeBase("main", "side"), root);
  });
});
