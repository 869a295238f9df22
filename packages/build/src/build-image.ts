import { BuildError } from "./build-error.ts";
import type { BuildOptions } from "./build-images.ts";
import { libraryClosure, type Library } from "./elf/library-closure.ts";
import { builderOf } from "./languages/catalogue.ts";
import type { LanguageParts } from "./languages/language-build.ts";
import { baseLayer } from "./layers/base-layer.ts";
import { findBuild, rememberBuild } from "./layers/build-record.ts";
import type { CachedLayer, LayerCache } from "./layers/layer-cache.ts";
import { jsonBlob, mediaTypes, type Descriptor } from "./oci/descriptor.ts";
import { imageConfig } from "./oci/image-config.ts";
import type { ImageLayout } from "./oci/image-layout.ts";
import { revisionOf, type Revision } from "./services/revision.ts";
import { architectureOf, folderOf, type Platform, type ServiceSource } from "./services/service-source.ts";

export interface BuiltImage {
  readonly service: string;
  /** `ghcr.io/acme/shop/orders-service` */
  readonly repository: string;
  readonly tag: string;
  /** Of the manifest when there is one platform, of the index over several. */
  readonly digest: string;
  readonly descriptor: Descriptor;
  readonly manifestDigests: Readonly<Partial<Record<Platform, string>>>;
  /** As it is stored and sent, of all platforms; what they share counts once. */
  readonly sizeBytes: number;
  /** As it lies on the disk of a node, of the largest platform. */
  readonly unpackedBytes: number;
  readonly layers: number;
  readonly layersReused: number;
  /** Nothing had to be made. */
  readonly cached: boolean;
  readonly durationMs: number;
}

export interface ImageSettings extends Omit<BuildOptions, "layout" | "source"> {
  readonly layout: ImageLayout;
  readonly layers: LayerCache;
  /** The folder of the Git repository. */
  readonly repository: string;
  /** The commit that is checked out; empty outside of Git. */
  readonly head: string;
  readonly source: string | undefined;
}

/** Builds one service for all platforms, or finds that nothing of it changed. */
export async function buildImage(source: ServiceSource, settings: ImageSettings): Promise<BuiltImage> {
  const startMs = performance.now();
  const startedMs = Date.now();
  const known = await findBuild(source, settings);
  if (known !== undefined) {
    return { ...known, cached: true, layersReused: known.layers, durationMs: performance.now() - startMs };
  }
  const built = await buildAnew(source, settings);
  const image = { ...built.image, durationMs: performance.now() - startMs };
  await rememberBuild(source, settings, { image, inputs: built.inputs, startedMs });
  return image;
}

interface Built {
  readonly image: Omit<BuiltImage, "durationMs">;
  readonly inputs: readonly string[];
}

async function buildAnew(source: ServiceSource, settings: ImageSettings): Promise<Built> {
  const { name } = source.service.metadata;
  const build = builderOf(source.service.spec.language, name);
  const folder = folderOf(settings.root, source);
  const manifests: PlatformImage[] = [];
  const inputs = new Set<string>();
  let revision: Revision | undefined;
  for (const platform of settings.platforms) {
    const { cache, repository, signal } = settings;
    const architecture = architectureOf(platform);
    const findLibraries = (programs: readonly string[]): readonly Library[] =>
      libraryClosure(programs, { architecture, root: settings.libraries ?? "/" });
    const context = { source, repository, folder, architecture, cache, findLibraries, signal };
    const parts = await build(context);
    for (const input of parts.inputs) inputs.add(input);
    revision ??= await revisionOf(repository, [folder, ...parts.inputs], signal);
    const libraries = findLibraries(parts.programs);
    manifests.push(await buildPlatform({ platform, parts, libraries, revision }, source, settings));
  }
  const [first] = manifests;
  if (first === undefined) throw new BuildError("bad_option", "no platform is given to build images for");
  const descriptor = manifests.length === 1 ? first.descriptor : await writeIndex(manifests, settings.layout);
  const blobs = new Map(manifests.flatMap(({ blobs }) => blobs.map((blob) => [blob.digest, blob.size])));
  return {
    inputs: [...inputs],
    image: {
      service: name,
      repository: `${settings.registry}/${name}`,
      tag: first.version,
      digest: descriptor.digest,
      descriptor,
      manifestDigests: Object.fromEntries(manifests.map((each) => [each.platform, each.descriptor.digest])),
      sizeBytes: [...blobs.values()].reduce((sum, size) => sum + size, descriptor.size),
      unpackedBytes: Math.max(...manifests.map((each) => each.unpackedBytes)),
      layers: manifests.reduce((sum, each) => sum + each.layers.length, 0),
      layersReused: manifests.reduce((sum, each) => sum + each.layers.filter((layer) => layer.reused).length, 0),
      cached: false,
    },
  };
}

interface PlatformImage {
  readonly platform: Platform;
  readonly descriptor: Descriptor;
  readonly version: string;
  readonly layers: readonly CachedLayer[];
  readonly blobs: readonly Descriptor[];
  readonly unpackedBytes: number;
}

interface PlatformParts {
  readonly platform: Platform;
  readonly parts: LanguageParts;
  readonly libraries: readonly Library[];
  readonly revision: Revision;
}

async function buildPlatform(
  { platform, parts, libraries, revision }: PlatformParts,
  { service }: ServiceSource,
  settings: ImageSettings,
): Promise<PlatformImage> {
  const { layout } = settings;
  const architecture = architectureOf(platform);
  const base = baseLayer(libraries);
  const layers = await Promise.all([base, ...parts.layers].map((each) => settings.layers.get(each, layout)));
  const version = settings.version ?? parts.version ?? "0.0.0";
  const { name, description } = service.metadata;
  const config = jsonBlob(
    mediaTypes.config,
    imageConfig({
      architecture,
      layers,
      run: { ...parts, port: service.spec.http?.port ?? 8080 },
      labels: {
        title: name,
        version,
        ...(description !== undefined && { description }),
        ...(settings.source !== undefined && { source: settings.source }),
        ...(revision.revision !== undefined && { revision: revision.revision }),
      },
      createdSeconds: settings.createdSeconds ?? revision.createdSeconds,
    }),
  );
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
  });
  await Promise.all([layout.blobs.write(config), layout.blobs.write(manifest)]);
  return {
    platform,
    descriptor: { ...manifest.descriptor, platform: { architecture, os: "linux" } },
    version,
    layers,
    blobs: [manifest.descriptor, config.descriptor, ...layers.map((layer) => layer.descriptor)],
    unpackedBytes: layers.reduce((sum, layer) => sum + layer.unpackedBytes, 0),
  };
}

async function writeIndex(manifests: readonly PlatformImage[], layout: ImageLayout): Promise<Descriptor> {
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: manifests.map((each) => each.descriptor),
  });
  await layout.blobs.write(index);
  return index.descriptor;
}
