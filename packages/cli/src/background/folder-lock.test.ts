import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { isFolderLocked, withFolderLock } from "./folder-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-lock-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("tasks of one folder follow each other, whatever becomes of them", async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = withFolderLock(folder, async () => {
    order.push("one begins");
    await first.promise;
    order.push("one ends");
    throw new Error("no luck");
  });
  const two = withFolderLock(folder, async () => order.push("two"));
  assert.ok(isFolderLocked(folder));
  first.resolve();
  await assert.rejects(one, /no luck/);
  await two;
  assert.deepEqual(order, ["one begins", "one ends", "two"]);
  assert.equal(isFolderLocked(folder), false);
});

test("the lock of a process that is gone, or whose number another one has now, is no lock", async () => {
  symlinkSync(`${process.pid} another time`, join(folder, "lock"));
  assert.equal(isFolderLocked(folder), false);
  assert.equal(await withFolderLock(folder, async () => "done"), "done");
});

test("who waits for it can be interrupted", async () => {
  const held = Promise.withResolvers<void>();
  const holder = withFolderLock(folder, () => held.promise);
  const stop = new AbortController();
  const waiting = withFolderLock(folder, async () => assert.fail("it is held"), { signal: stop.signal });
  stop.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  held.resolve();
  await holder;
});

test("a folder that can't be written is no hindrance for who only ends something", async (t) => {
  if (process.platform !== "linux") return t.skip("needs a folder in which nobody may write");
  const nowhere = `/proc/${process.pid}/fd`;
  await assert.rejects(withFolderLock(nowhere, async () => "done"));
  assert.equal(await withFolderLock(nowhere, async () => "done", { evenReadOnly: true }), "done");
});
