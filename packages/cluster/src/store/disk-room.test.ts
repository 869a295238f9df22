import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DiskRoom } from "./disk-room.ts";
import { openLmdbStore } from "./index.ts";
import { StoreError } from "./store.ts";
import { smallDisk } from "./testing/small-disk.ts";

const megabyte = 1024 * 1024;

test("a commit that might not fit is refused, and taken again once there is room", () => {
  let free = 5 * megabyte;
  const room = new DiskRoom("somewhere", () => free);
  room.take(100);
  free = 4 * megabyte;
  assert.throws(() => room.take(megabyte), { code: "full" });
  free = 20 * megabyte;
  room.take(megabyte);
});

test("the disk is looked at anew only after a good part of its room could be used up", () => {
  let looks = 0;
  const room = new DiskRoom("somewhere", () => {
    looks++;
    return 1_000 * megabyte;
  });
  for (let commit = 0; commit < 500; commit++) room.take(1_000);
  assert.equal(looks, 1);
  for (let commit = 0; commit < 500; commit++) room.take(megabyte);
  assert.ok(looks > 5, `${looks} looks for half of the disk`);
});

test("on a disk that fills up a write is refused, what was acknowledged stays, and it goes on when there is room", async (t) => {
  const disk = smallDisk(t, 40);
  if (disk === undefined) return;
  const filler = join(disk, "filler");
  writeFileSync(filler, Buffer.alloc(8 * megabyte));
  const folder = join(disk, "store");
  mkdirSync(folder);
  const store = await openLmdbStore({ folder });
  const write = (name: string): Promise<unknown> =>
    store.write({ key: `/n/${name}`, decide: () => Buffer.alloc(10_000, name) });
  let written = 0;
  await assert.rejects(
    async () => {
      for (; ; written++) await write(String(written));
    },
    (error) => error instanceof StoreError && error.code === "full",
  );
  assert.ok(written > 100, `${written} writes fitted`);
  rmSync(filler);
  await write("after");
  await store.close();
  const again = await openLmdbStore({ folder });
  assert.equal(again.count("/n/"), written + 1);
  await again.close();
});
