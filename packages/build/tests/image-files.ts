import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listTar } from "../src/archive/tar-listing.ts";
import { unpack } from "../src/archive/unpack.ts";
import { parseManifest, parseObject, type ImageManifest } from "../src/oci/manifest.ts";

export function blobPath(layout: string, digest: string): string {
  return join(layout, "blobs", "sha256", digest.slice("sha256:".length));
}

export function manifestOf(layout: string, digest: string): ImageManifest {
  const manifest = parseManifest(readFileSync(blobPath(layout, digest)), digest);
  if (manifest.kind === "index") throw new TypeError(`${digest} is an index`);
  return manifest;
}

export function configOf(layout: string, digest: string): Readonly<Record<string, unknown>> {
  return parseObject(readFileSync(blobPath(layout, manifestOf(layout, digest).config.digest)), digest);
}

/** All files and links of an image, folders left out. */
export async function filesOf(layout: string, digest: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { digest: layer, mediaType } of manifestOf(layout, digest).layers) {
    for await (const { path } of listTar(unpack(blobPath(layout, layer), mediaType))) {
      if (!path.endsWith("/")) paths.push(path);
    }
  }
  return paths.toSorted();
}
