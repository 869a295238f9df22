import { resolve } from "node:path";
import { BuildError } from "./build-error.ts";
import type { BuiltImage } from "./assemble-image.ts";
import { buildImage, type ImageSettings } from "./build-image.ts";
import { pruneCache } from "./layers/cache-age.ts";
import { LayerCache } from "./layers/layer-cache.ts";
import { buildsAtOnce } from "./limits.ts";
import { ImageLayout } from "./oci/image-layout.ts";
import { headOf, remoteOf, repositoryOf } from "./services/revision.ts";
import type { Platform, ServiceSource } from "./services/service-source.ts";

export interface BuildOptions {
  /** The platform's folder, from which those of the services are named. */
  readonly root: string;
  readonly services: readonly ServiceSource[];
  /** The folder of the OCI image layout that takes the images. */
  readonly layout: string;
  /** What is kept from one build to the next; may be deleted at any time. */
  readonly cache: string;
  readonly platforms: readonly Platform[];
  /** Address of the registry with the path of the platform: images are called by it and their service's name. */
  readonly registry: string;
  /** Where the sources are for others; by default the address of Git's `origin`. */
  readonly source?: string;
  /** In place of the version that a service states itself. */
  readonly version?: string;
  /** Any OCI image in place of the base with libraries: its name in a registry, or the folder of a layout. */
  readonly base?: string;
  /** Libraries of other machines, unpacked into one folder. */
  readonly libraries?: string;
  /** Seconds; in place of the time of each service's last commit, as `SOURCE_DATE_EPOCH`. */
  readonly createdSeconds?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
}

export interface BuildProgress {
  readonly service: string;
  readonly finished: number;
  readonly total: number;
}

/** Builds the images of services side by side and puts them into a layout. The first failure ends all. */
export async function buildImages(options: BuildOptions): Promise<readonly BuiltImage[]> {
  const { platforms, services, signal } = options;
  if (platforms.length === 0) throw new BuildError("bad_option", "no platform is given to build images for");
  const layout = await ImageLayout.open(resolve(options.layout));
  const root = resolve(options.root);
  const repository = repositoryOf(root);
  const [head, source] = await Promise.all([
    headOf(repository, signal),
    options.source ?? remoteOf(repository, signal),
  ]);
  const settings: ImageSettings = {
    ...options,
    root,
    repository,
    layout,
    cache: resolve(options.cache),
    layers: new LayerCache(resolve(options.cache)),
    head,
    source,
  };
  const images = await buildAll(services, settings);
  if (images.some((image) => !image.cached)) await pruneCache(settings.cache);
  await layout.add(images.map(({ repository, tag, descriptor }) => ({ repository, tag, descriptor })));
  return images;
}

/** A few at once. Who has begun ends before a failure is told, so that nothing goes on behind it. */
async function buildAll(services: readonly ServiceSource[], settings: ImageSettings): Promise<readonly BuiltImage[]> {
  const images: BuiltImage[] = [];
  const waiting = services.entries();
  let hasFailed = false;
  let finished = 0;
  const work = async (): Promise<void> => {
    for (const [index, service] of waiting) {
      if (hasFailed) return;
      settings.signal.throwIfAborted();
      images[index] = await buildImage(service, settings).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
      finished += 1;
      settings.onProgress?.({ service: service.service.metadata.name, finished, total: services.length });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(buildsAtOnce, services.length) }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return images;
}
