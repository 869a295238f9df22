import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { ImageStore } from "../images/image-store.ts";

type Files = Readonly<Record<string, string | Buffer>>;

/** An OCI image layout that a test fills. */
export class Layout {
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

export interface TestStore {
  readonly store: ImageStore;
  readonly layout: Layout;
  /** A layer with these files. */
  readonly layer: (files: Files) => Buffer;
  /** Holds the layout, and the store in `store` unless the test has another place for it. */
  readonly folder: string;
}

/** An empty store beside an empty layout. */
export async function openTestStore(t: TestContext, place?: string): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-images-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const layout = new Layout(join(folder, "layout"));
  const store = await ImageStore.open({
    folder: place ?? join(folder, "store"),
    layouts: [layout.folder],
    mirrors: {},
    offline: true,
  });
  return { store, layout, layer: (files) => layerOf(folder, files), folder };
}
