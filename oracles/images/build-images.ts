import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { binaryPath, ensureBinaries } from "../kubernetes/binaries.ts";
import type { BinaryName } from "../kubernetes/data/binaries.ts";
import { cacheFolder, contentKey } from "../machine/cache.ts";
import { publishFolder } from "../machine/publish.ts";
import type { Report } from "../machine/report.ts";
import { runOrFail } from "../machine/run.ts";
import { requireTools } from "../machine/tools.ts";
import { images, layers } from "./data/images.ts";
import { fillRoot } from "./layer-root.ts";
import { writeLayout } from "./oci-layout.ts";
import type { LayerBlob } from "./oci-layout.ts";

/** Bumped when the way of building changes, so that images in the cache are made again. */
const builderVersion = "1";

export const imageBinaries: readonly BinaryName[] = [
  ...new Set(Object.values(layers).flatMap((layer) => Object.values(layer.binaries ?? {}))),
];

/** The layout's folder: its name says what is in it. */
export function layoutFolder(): string {
  const binaries = imageBinaries.map((name) => binaryPath(name));
  return join(cacheFolder(), "images", contentKey([builderVersion, JSON.stringify({ layers, images }), ...binaries]));
}

/** Builds all images as one OCI layout, unless the cache has them, and gives its folder. */
export async function ensureImages(report: Report): Promise<string> {
  const folder = layoutFolder();
  if (existsSync(join(folder, "index.json"))) return folder;
  requireTools(["apt-cache", "apt-get", "dpkg-deb", "tar", "cp", "go"]);
  await ensureBinaries(imageBinaries, { report });
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  const blobs: LayerBlob[] = [];
  try {
    for (const name of Object.keys(layers)) {
      report(`image layer ${name}`);
      blobs.push(await buildLayer(name, unfinished));
    }
    writeLayout(unfinished, images, blobs);
    publishFolder(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

async function buildLayer(name: string, layout: string): Promise<LayerBlob> {
  const recipe = layers[name];
  if (recipe === undefined) throw new TypeError(`no layer is called ${name}`);
  const root = join(layout, "root");
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  await fillRoot(root, recipe);
  const tar = join(layout, "layer.tar");
  const reproducible = ["--sort=name", "--mtime=@0", "--numeric-owner", "--owner=0", "--group=0", "--format=gnu"];
  await runOrFail(["tar", ...reproducible, "-C", root, "-cf", tar, "."]);
  const hash = createHash("sha256");
  await pipeline(createReadStream(tar), hash);
  const digest = hash.digest("hex");
  const size = statSync(tar).size;
  mkdirSync(join(layout, "blobs", "sha256"), { recursive: true });
  renameSync(tar, join(layout, "blobs", "sha256", digest));
  rmSync(root, { recursive: true, force: true });
  return { name, digest: `sha256:${digest}`, size };
}
