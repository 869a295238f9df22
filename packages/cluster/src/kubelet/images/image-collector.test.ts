import assert from "node:assert/strict";
import { readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { smallDisk } from "../../store/testing/small-disk.ts";
import { imageCollection } from "../limits.ts";
import { openTestStore } from "../testing/image-layout.ts";
import { ImageCollector } from "./image-collector.ts";
import type { DiskUsage } from "./image-collector.ts";
import type { ImageRoot } from "./image-store.ts";

const mib = 1024 ** 2;

/** A disk of a hundred bytes, with images that each take some of them. */
class Shelf {
  readonly sizes = new Map<string, number>();
  readonly bases = new Map<string, readonly string[]>();
  readonly used = new Set<string>();
  readonly told: string[] = [];
  minutes = 0;
  readonly collector = new ImageCollector({
    images: { roots: () => this.#roots(), remove: async (path) => this.sizes.delete(path) },
    disk: () => this.#disk(),
    used: () => this.used,
    ageMsMax: 60 * 60_000,
    now: () => new Date(Date.UTC(2026, 0, 1) + this.minutes * 60_000),
    tell: ({ reason, message }) => void this.told.push(`${reason}: ${message}`),
  });

  #roots(): ImageRoot[] {
    return [...this.sizes.keys()].map((path) => ({ path, bases: this.bases.get(path) ?? [] }));
  }

  #disk(): DiskUsage {
    const taken = [...this.sizes.values()].reduce((sum, each) => sum + each, 0);
    return { capacityBytes: 100, availableBytes: 100 - taken };
  }
}

test("unused images go when the disk is fuller than the high mark, the longest unused first, down to the low mark", async () => {
  const shelf = new Shelf();
  shelf.sizes.set("kept", 30).set("first", 20).set("second", 10).set("third", 20);
  for (const each of shelf.sizes.keys()) shelf.used.add(each);
  shelf.collector.look();
  shelf.used.delete("second");
  shelf.minutes = 5;
  shelf.collector.look();
  shelf.used.delete("first");
  shelf.minutes = 10;
  shelf.collector.look();
  shelf.used.delete("third");
  shelf.minutes = 15;
  assert.equal(await shelf.collector.collect(), 0, "80 of 100 is not too full");
  shelf.sizes.set("new", 8);
  assert.equal(await shelf.collector.collect(), 1);
  assert.deepEqual([...shelf.sizes.keys()], ["kept", "first", "third", "new"]);
  assert.deepEqual(shelf.told, []);
});

test("what was unpacked less than two minutes ago stays, and the node says that there is too little room", async () => {
  const shelf = new Shelf();
  shelf.collector.look();
  shelf.sizes.set("new", 90);
  shelf.minutes = 1;
  assert.equal(await shelf.collector.collect(), 0);
  assert.match(shelf.told[0] ?? "", /^FreeDiskSpaceFailed: Insufficient free disk space .* \(90% of 100 B used\)/u);
  shelf.minutes += imageCollection.ageMsMin / 60_000;
  assert.equal(await shelf.collector.collect(), 1);
});

test("what no pod has used for too long goes however much room there is, but not what this node knows for less", async () => {
  const shelf = new Shelf();
  shelf.sizes.set("before", 5).set("used", 5);
  shelf.used.add("used");
  shelf.collector.look();
  shelf.minutes = 60;
  assert.equal(await shelf.collector.collect(), 0, "nobody knows when it was last used");
  shelf.sizes.set("pulled", 5);
  shelf.minutes = 61;
  assert.equal(await shelf.collector.collect(), 1);
  assert.deepEqual([...shelf.sizes.keys()], ["used", "pulled"]);
  shelf.used.clear();
  shelf.minutes = 121;
  assert.equal(await shelf.collector.collect(), 0);
  shelf.minutes = 122;
  assert.equal(await shelf.collector.collect(), 2);
});

test("first layers stay as long as an image begins with them", async () => {
  const shelf = new Shelf();
  shelf.sizes.set("layers", 40).set("old", 20).set("young", 30);
  shelf.bases.set("old", ["layers"]).set("young", ["layers"]);
  shelf.used.add("young");
  await shelf.collector.removeUnused();
  assert.deepEqual([...shelf.sizes.keys()], ["layers", "young"]);
  shelf.used.clear();
  await shelf.collector.removeUnused();
  assert.deepEqual([...shelf.sizes.keys()], []);
});

test("an image that is gone can be pulled again, and its layout is untouched", async (t) => {
  const disk = smallDisk(t, 64);
  if (disk === undefined) return;
  const { store, layout, layer } = await openTestStore(t, join(disk, "store"));
  const names = [1, 2, 3].map((each) => layout.image([layer({ "app/main": Buffer.alloc(19 * mib, each) })]));
  const used = new Set<string>();
  for (const name of names) used.add((await store.pull(name)).root);
  const [first = "", second = "", third = ""] = [...used];
  used.delete(second);
  const collector = new ImageCollector({
    images: store,
    disk: () => {
      const { blocks, bavail, bsize } = statfsSync(disk);
      return { capacityBytes: blocks * bsize, availableBytes: bavail * bsize };
    },
    used: () => used,
    now: () => new Date(),
    tell: () => undefined,
  });
  const before = readdirSync(join(layout.folder, "blobs", "sha256"));
  assert.equal(await collector.collect(), 1);
  assert.equal(store.get(names[1] ?? ""), undefined);
  assert.deepEqual(readdirSync(join(disk, "store", "roots")).length, 2);
  assert.deepEqual(readdirSync(join(disk, "store", "names")).length, 2);
  assert.deepEqual(readdirSync(join(layout.folder, "blobs", "sha256")), before);
  assert.equal((await store.pull(names[1] ?? "")).root, second);
  assert.deepEqual(
    store
      .roots()
      .map(({ path }) => path)
      .toSorted(),
    [first, second, third].toSorted(),
  );
});
