import { createReadStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { BuildError } from "../build-error.ts";
import type { CachedLayer } from "../layers/layer-cache.ts";
import { digestOf, mediaTypes, type Blob } from "../oci/descriptor.ts";
import type { ImageLayout } from "../oci/image-layout.ts";
import { isRecord } from "../oci/manifest.ts";
import { runTool } from "../run-tool.ts";

/** Takes what `docker save` writes into a layout: the layers are compressed as ours are, the configuration stays as it is. */
export async function readDockerArchive(
  archive: string,
  layout: ImageLayout,
  signal: AbortSignal,
): Promise<{ readonly config: Blob; readonly layers: readonly CachedLayer[] }> {
  const folder = `${archive}.files`;
  await mkdir(folder);
  await runTool("tar", ["-xf", archive, "-C", folder], { signal });
  const list: unknown = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const names = isRecord(first) ? first["Layers"] : undefined;
  const configName = isRecord(first) ? first["Config"] : undefined;
  if (!Array.isArray(names) || typeof configName !== "string") {
    throw new BuildError("engine_failed", `${archive} is no archive of an image: its manifest.json names no layers`);
  }
  const layers: CachedLayer[] = [];
  for (const name of names) {
    const tar = createReadStream(below(folder, String(name)), { highWaterMark: 1024 * 1024 });
    layers.push({ ...(await layout.blobs.writeLayer(tar)), reused: false });
  }
  const bytes = await readFile(below(folder, configName));
  return {
    config: { bytes, descriptor: { mediaType: mediaTypes.config, digest: digestOf(bytes), size: bytes.length } },
    layers,
  };
}

function below(folder: string, name: string): string {
  const path = normalize(name);
  if (path.startsWith("..") || path.startsWith("/")) throw new BuildError("engine_failed", `an archive names ${name}`);
  return join(folder, path);
}
