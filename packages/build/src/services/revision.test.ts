import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { publicUrl, revisionOf } from "./revision.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-revision-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function commit(path: string, text: string, seconds: number): string {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
  const date = `${seconds} +0000`;
  const { GIT_DIR: _, ...rest } = process.env;
  const env = { ...rest, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.com", ...args], {
      env,
      encoding: "utf8",
    });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "a change");
  return git("rev-parse", "HEAD").trim();
}

test("the revision of a service is the last commit that changed it, with its time", async () => {
  const { signal } = new AbortController();
  const orders = join(folder, "services/orders");
  assert.deepEqual(await revisionOf(folder, [orders], signal), { revision: undefined, createdSeconds: 0 });
  const first = commit("services/orders/main.ts", "1", 1_700_000_000);
  const other = commit("services/users/main.ts", "1", 1_700_000_500);
  assert.deepEqual(await revisionOf(folder, [orders], signal), { revision: first, createdSeconds: 1_700_000_000 });
  assert.equal((await revisionOf(folder, [join(folder, "services/users")], signal)).revision, other);
  writeFileSync(join(folder, "services/orders/main.ts"), "2");
  assert.equal((await revisionOf(folder, [orders], signal)).revision, `${first}-dirty`);
});

test("the address of the sources is the same for all who may read them, without what lets somebody in", () => {
  const expected = "https://github.com/acme/shop";
  const urls = [
    "git@github.com:acme/shop.git",
    "https://ada:secret@github.com/acme/shop",
    "ssh://git@github.com:22/acme/shop.git",
    "https://github.com/acme/shop/",
  ];
  for (const url of urls) assert.equal(publicUrl(url), expected, url);
  assert.equal(publicUrl("/home/ada/shop"), undefined);
});
