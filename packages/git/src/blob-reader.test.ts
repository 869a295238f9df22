import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { BlobReader } from "./blob-reader.ts";
import { GitError } from "./git-error.ts";
import { blobBytesMax } from "./limits.ts";
import { fetchRevision } from "./remote-repository.ts";

const failure = (code: string) => (error: unknown) => error instanceof GitError && error.code === code;

function newRepository(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "fairway-git-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const git = (args: readonly string[], input: string | Buffer = "") =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: directory, input })
      .toString()
      .trim();
  git(["init", "--quiet", "--initial-branch=main"]);
  return { directory, git, store: (content: string | Buffer) => git(["hash-object", "-w", "--stdin"], content) };
}

test("a file that is too large is refused without being held, and the next ones are read", async (t) => {
  const { directory, store } = newRepository(t);
  const [large, most, small] = [
    store(Buffer.alloc(blobBytesMax + 1)),
    store(Buffer.alloc(blobBytesMax, 7)),
    store("x"),
  ];
  const reader = new BlobReader(directory);
  t.after(() => reader.close());
  const [refused, whole, next] = await Promise.allSettled([large, most, small].map((id) => reader.read(id)));
  assert.ok(refused?.status === "rejected" && failure("object-too-large")(refused.reason));
  assert.ok(whole?.status === "fulfilled" && Buffer.alloc(blobBytesMax, 7).equals(whole.value));
  assert.ok(next?.status === "fulfilled" && Buffer.from(next.value).toString() === "x");
  assert.equal(next.value.buffer.byteLength, 1, "it keeps nothing else alive");
});

test("10,000 files are read in one go", async (t) => {
  const { directory, git } = newRepository(t);
  const contents = Array.from({ length: 10_000 }, (_, index) => `content ${index}\n`);
  const stream = contents.map((text, index) => `blob\nmark :${index + 1}\ndata ${text.length}\n${text}\n`).join("");
  git(["fast-import", "--quiet", "--export-marks=marks"], stream);
  const marks = execFileSync("cat", [join(directory, "marks")], { encoding: "utf8" })
    .trim()
    .split("\n");
  const reader = new BlobReader(directory);
  t.after(() => reader.close());
  const read = await Promise.all(
    marks.map(async (line) => {
      const [mark = "", id = ""] = line.split(" ");
      return contents[Number(mark.slice(1)) - 1] === Buffer.from(await reader.read(id)).toString();
    }),
  );
  assert.deepEqual([read.length, read.every(Boolean)], [10_000, true]);
});

test("whoever waits when it is closed, or reads later, is told so", async (t) => {
  const { directory, store } = newRepository(t);
  const id = store("x");
  const reader = new BlobReader(directory);
  const waiting = Promise.allSettled(Array.from({ length: 1_000 }, () => reader.read(id)));
  await reader.close();
  assert.ok((await waiting).every((each) => each.status === "rejected" && failure("closed")(each.reason)));
  await assert.rejects(reader.read(id), failure("closed"));
});

test("a dead process fails those who wait, and the next question starts another", async (t) => {
  const { directory, store } = newRepository(t);
  const id = store("x".repeat(1_000_000));
  const reader = new BlobReader(directory);
  t.after(() => reader.close());
  await reader.read(id);
  const waiting = Promise.allSettled(Array.from({ length: 50 }, () => reader.read(id)));
  process.kill(reader.processId ?? assert.fail("no process"), "SIGKILL");
  assert.ok((await waiting).some((each) => each.status === "rejected" && failure("git-failed")(each.reason)));
  assert.equal((await reader.read(id)).length, 1_000_000);
});

test("another repository is fetched by branch, tag, commit id and HEAD, also at one time", async (t) => {
  const { directory, git } = newRepository(t);
  git(["commit", "--quiet", "--allow-empty", "-m", "one"]);
  git(["tag", "-a", "v1", "-m", "v1"]);
  const first = git(["rev-parse", "HEAD"]);
  git(["commit", "--quiet", "--allow-empty", "-m", "two"]);
  const second = git(["rev-parse", "HEAD"]);
  const options = { cacheDirectory: join(directory, "cache"), signal: new AbortController().signal };
  const url = `file://${directory}`;
  const fetched = await Promise.all(
    ["main", "v1", first, "HEAD"].map(async (revision) => (await fetchRevision({ url, revision }, options)).commit),
  );
  assert.deepEqual(fetched, [second, first, first, second]);
  await assert.rejects(fetchRevision({ url, revision: "nope" }, options), failure("unknown-revision"));
  for (const revision of ["--all", "a:b", "", "^main", "refs/*", "a..b"]) {
    await assert.rejects(fetchRevision({ url, revision }, options), failure("unknown-revision"));
  }
  for (const bad of ["--upload-pack=x", "ext::sh -c x", "../x", "-o:x", ""]) {
    await assert.rejects(fetchRevision({ url: bad, revision: "main" }, options), failure("unsupported-address"));
  }
  const absent = fetchRevision({ url: `${url}/absent`, revision: "main" }, options);
  await assert.rejects(absent, failure("unreachable"));
});
