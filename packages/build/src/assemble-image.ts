import { BuildError } from "./build-error.ts";
import type { CachedLayer } from "./layers/layer-cache.ts";
import { jsonBlob, mediaTypes, type Blob, type Descriptor } from "./oci/descriptor.ts";
import type { ImageLayout } from "./oci/image-layout.ts";
import { architectureOf, type Platform } from "./services/service-source.ts";

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

/** What an image is on one platform. */
export interface PlatformContent {
  readonly platform: Platform;
  readonly version: string;
  readonly layers: readonly CachedLayer[];
  readonly config: Blob;
}

interface PlatformImage extends PlatformContent {
  readonly descriptor: Descriptor;
  readonly blobs: readonly Descriptor[];
}

/** Writes configurations, manifests and, over several platforms, the index. */
export async function assembleImage(
  name: { readonly service: string; readonly registry: string },
  contents: readonly PlatformContent[],
  layout: ImageLayout,
): Promise<Omit<BuiltImage, "durationMs">> {
  const images = await Promise.all(contents.map((content) => writeManifest(content, layout)));
  const [first] = images;
  if (first === undefined) throw new BuildError("bad_option", "no platform is given to build images for");
  const descriptor = images.length === 1 ? first.descriptor : await writeIndex(images, layout);
  const blobs = new Map(images.flatMap((image) => image.blobs.map((blob) => [blob.digest, blob.size])));
  const layers = images.flatMap((image) => image.layers);
  return {
    service: name.service,
    repository: `${name.registry}/${name.service}`,
    tag: first.version,
    digest: descriptor.digest,
    descriptor,
    manifestDigests: Object.fromEntries(images.map((image) => [image.platform, image.descriptor.digest])),
    sizeBytes: [...blobs.values()].reduce((sum, size) => sum + size, images.length === 1 ? 0 : descriptor.size),
    unpackedBytes: Math.max(...images.map((image) => sumOf(image.layers, (layer) => layer.unpackedBytes))),
    layers: layers.length,
    layersReused: layers.filter((layer) => layer.reused).length,
    cached: false,
  };
}

function sumOf<T>(items: readonly T[], number: (item: T) => number): number {
  return items.reduce((sum, item) => sum + number(item), 0);
}

async function writeManifest(content: PlatformContent, layout: ImageLayout): Promise<PlatformImage> {
  const architecture = architectureOf(content.platform);
  const { config } = content;
  const layers = content.layers.map((layer) => layer.descriptor);
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers,
  });
  await Promise.all([layout.blobs.write(config), layout.blobs.write(manifest)]);
  return {
    ...content,
    descriptor: { ...manifest.descriptor, platform: { architecture, os: "linux" } },
    blobs: [manifest.descriptor, config.descriptor, ...layers],
  };
}

async function writeIndex(images: readonly PlatformImage[], layout: ImageLayout): Promise<Descriptor> {
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: images.map((image) => image.descriptor),
  });
  await layout.blobs.write(index);
  return index.descriptor;
}
