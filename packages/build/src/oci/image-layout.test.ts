import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { textFile } from "../archive/image-entry.ts";
import { writeTar } from "../archive/tar.ts";
import { jsonBlob, mediaTypes, type Descriptor } from "./descriptor.ts";
import { ImageLayout, nameAnnotation } from "./image-layout.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-layout-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function image(layout: ImageLayout, text: string): Promise<Descriptor> {
  const layer = await layout.blobs.writeLayer(writeTar([textFile("app/main.js", text)]));
  const config = jsonBlob(mediaTypes.config, { rootfs: { diff_ids: [layer.diffId] } });
  const value = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: [layer.descriptor],
  };
  const manifest = jsonBlob(mediaTypes.manifest, value);
  await layout.blobs.write(config);
  await layout.blobs.write(manifest);
  return manifest.descriptor;
}

const repository = "ghcr.io/acme/shop/orders";

describe("an image layout", () => {
  test("keeps all that builds side by side put into it", async () => {
    const path = join(folder, "side-by-side");
    const names = Array.from({ length: 8 }, (_, index) => `service-${index}`);
    await Promise.all(
      names.map(async (name) => {
        const layout = await ImageLayout.open(path);
        await layout.add([{ repository: name, tag: "1", descriptor: await image(layout, name) }]);
      }),
    );
    const found = (await (await ImageLayout.open(path)).list()).map(({ annotations }) => annotations?.[nameAnnotation]);
    assert.deepEqual(
      found.toSorted(),
      names.map((name) => `${name}:1`),
    );
    assert.ok(!existsSync(join(path, "index.lock")));
  });

  test("gives a name to the newest build, and keeps five of a service", async () => {
    const layout = await ImageLayout.open(join(folder, "builds"));
    const digests: string[] = [];
    for (let build = 0; build < 7; build += 1) {
      const descriptor = await image(layout, `build ${build}`);
      await layout.add([{ repository, tag: "1.0.0", descriptor }]);
      digests.push(descriptor.digest);
    }
    const list = await layout.list();
    assert.deepEqual(
      list.map(({ digest }) => digest),
      digests.slice(2).toReversed(),
    );
    assert.deepEqual(
      list.map(({ annotations }) => annotations?.[nameAnnotation]),
      [`${repository}:1.0.0`, ...Array.from({ length: 4 }, () => undefined)],
    );
  });

  test("takes away what nothing refers to, once it is old enough not to belong to a build under way", async () => {
    const layout = await ImageLayout.open(join(folder, "collected"));
    const kept = await image(layout, "kept");
    const forgotten = await image(layout, "forgotten");
    const young = await image(layout, "young");
    const long = new Date(Date.now() - 24 * 60 * 60 * 1000);
    utimesSync(layout.blobs.pathOf(forgotten.digest), long, long);
    utimesSync(layout.blobs.pathOf(kept.digest), long, long);
    await layout.add([{ repository, tag: "1", descriptor: kept }]);
    assert.equal(existsSync(layout.blobs.pathOf(kept.digest)), true);
    assert.equal(existsSync(layout.blobs.pathOf(forgotten.digest)), false);
    assert.equal(existsSync(layout.blobs.pathOf(young.digest)), true);
  });

  test("is not held up by the lock of a process that is gone", async () => {
    const layout = await ImageLayout.open(join(folder, "stale"));
    // No process of Linux or macOS has a number this high.
    writeFileSync(join(layout.folder, "index.lock"), "999999999");
    await layout.add([{ repository, tag: "1", descriptor: await image(layout, "after a crash") }]);
    assert.equal((await layout.list()).length, 1);
  });

  test("says what is wrong with an index that is no JSON", async () => {
    const layout = await ImageLayout.open(join(folder, "damaged"));
    writeFileSync(join(layout.folder, "index.json"), "{");
    await assert.rejects(layout.list(), { code: "layout_failed", message: /index\.json is no JSON: remove it/u });
  });

  test("refuses a blob that arrives changed", async () => {
    const layout = await ImageLayout.open(join(folder, "changed"));
    const { bytes, descriptor } = jsonBlob(mediaTypes.config, { a: 1 });
    async function* changed(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(bytes).fill(32);
    }
    await assert.rejects(layout.blobs.take(descriptor, changed()), { code: "registry_failed" });
    assert.equal(existsSync(layout.blobs.pathOf(descriptor.digest)), false);
  });
});
