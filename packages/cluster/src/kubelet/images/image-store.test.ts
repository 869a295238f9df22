import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { sharedLayerBytesMin } from "../limits.ts";
import { openTestStore } from "../testing/image-layout.ts";

const linux = process.platform === "linux" ? false : "tar of this system writes other archives";

test(
  "images that begin with the same big layer share its files, and what one changes the other keeps",
  { skip: linux },
  async (t) => {
    const { store, layout, layer } = await openTestStore(t);
    const base = layer({
      "bin/program": randomBytes(sharedLayerBytesMin + 1),
      "etc/changed": "base",
      "etc/removed": "base",
    });
    const names = ["one", "two"].map((each) =>
      layout.image([
        base,
        layer({ "app/main": each }),
        layer(each === "one" ? { "etc/.wh.removed": "", "etc/changed": "one" } : { "app/more": each }),
      ]),
    );
    const [one, two] = await Promise.all(names.map((name) => store.pull(name)));
    assert(one !== undefined && two !== undefined);
    const read = (root: string, path: string): string => readFileSync(join(root, path), "utf8");
    assert.deepEqual(
      ["app/main", "etc/changed"].map((path) => read(one.root, path)),
      ["one", "one"],
    );
    assert.deepEqual(readdirSync(join(one.root, "etc")), ["changed"]);
    assert.deepEqual(
      ["app/main", "etc/changed", "etc/removed"].map((path) => read(two.root, path)),
      ["two", "base", "base"],
    );
    const inode = (root: string): number => statSync(join(root, "bin/program")).ino;
    assert.equal(inode(one.root), inode(two.root));
  },
);

test("an image whose layer is not what was announced leaves nothing behind", { skip: linux }, async (t) => {
  const { store, layout, layer, folder } = await openTestStore(t);
  const announced = layer({ "app/main": "as announced" });
  const name = layout.image([announced]);
  const blobs = join(layout.folder, "blobs", "sha256");
  const { digest } = layout.blob(gzipSync(announced, { level: 0 }));
  const path = join(blobs, digest.slice("sha256:".length));
  const bytes = readFileSync(path);
  bytes[bytes.indexOf("as announced")] = 65;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
  await assert.rejects(store.pull(name), /image-invalid|was changed or cut off|can't be unpacked/u);
  assert.deepEqual(readdirSync(join(folder, "store", "roots")), []);
  assert.equal(store.get(name), undefined);
});
