import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { sharedLayerBytesMin } from "../limits.ts";
import { ImageStore } from "./image-store.ts";

type Files = Readonly<Record<string, string | Buffer>>;

class Layout {
  readonly folder: string;
  readonly #manifests: object[] = [];

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(join(folder, "blobs", "sha256"), { recursive: true });
  }

  blob(bytes: Buffer): { digest: string; size: number } {
    const hash = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(this.folder, "blobs", "sha256", hash), bytes);
    return { digest: `sha256:${hash}`, size: bytes.length };
  }

  /** Adds an image and answers the name by which it is pulled. */
  image(layers: readonly Buffer[]): string {
    const json = (value: object): { digest: string; size: number } => this.blob(Buffer.from(JSON.stringify(value)));
    const type = (kind: string): string => `application/vnd.oci.image.${kind}`;
    const config = json({
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      os: "linux",
      config: {},
      rootfs: {
        type: "layers",
        diff_ids: layers.map((layer) => `sha256:${createHash("sha256").update(layer).digest("hex")}`),
      },
    });
    const manifest = json({
      schemaVersion: 2,
      mediaType: type("manifest.v1+json"),
      config: { mediaType: type("config.v1+json"), ...config },
      layers: layers.map((layer) => {
        return { mediaType: type("layer.v1.tar+gzip"), ...this.blob(gzipSync(layer, { level: 0 })) };
      }),
    });
    this.#manifests.push({ mediaType: type("manifest.v1+json"), ...manifest });
    writeFileSync(join(this.folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: this.#manifests }));
    return `example.test/image@${manifest.digest}`;
  }
}

function layerOf(folder: string, files: Files): Buffer {
  const stage = mkdtempSync(join(folder, "stage-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    writeFileSync(join(stage, path), content);
  }
  return execFileSync("tar", ["-C", stage, "-c", "."], { maxBuffer: 64 * 1024 ** 2 });
}

async function openStore(t: TestContext): Promise<{ store: ImageStore; layout: Layout; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-images-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const layout = new Layout(join(folder, "layout"));
  const options = { folder: join(folder, "store"), layouts: [layout.folder], mirrors: {}, offline: true };
  return { store: await ImageStore.open(options), layout, folder };
}

const linux = process.platform === "linux" ? false : "tar of this system writes other archives";

test(
  "images that begin with the same big layer share its files, and what one changes the other keeps",
  { skip: linux },
  async (t) => {
    const { store, layout, folder } = await openStore(t);
    const base = layerOf(folder, {
      "bin/program": randomBytes(sharedLayerBytesMin + 1),
      "etc/changed": "base",
      "etc/removed": "base",
    });
    const names = ["one", "two"].map((each) =>
      layout.image([
        base,
        layerOf(folder, { "app/main": each }),
        layerOf(folder, each === "one" ? { "etc/.wh.removed": "", "etc/changed": "one" } : { "app/more": each }),
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
  const { store, layout, folder } = await openStore(t);
  const layer = layerOf(folder, { "app/main": "as announced" });
  const name = layout.image([layer]);
  const blobs = join(layout.folder, "blobs", "sha256");
  const { digest } = layout.blob(gzipSync(layer, { level: 0 }));
  const path = join(blobs, digest.slice("sha256:".length));
  const bytes = readFileSync(path);
  bytes[bytes.indexOf("as announced")] = 65;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
  await assert.rejects(store.pull(name), /image-invalid|was changed or cut off|can't be unpacked/u);
  assert.deepEqual(readdirSync(join(folder, "store", "roots")), []);
  assert.equal(store.get(name), undefined);
});
