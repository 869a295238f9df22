import { assembleImage, type BuiltImage, type PlatformContent } from "./assemble-image.ts";
import { openBase, type BaseImage } from "./base/base-image.ts";
import { checkBase } from "./base/check-base.ts";
import type { BuildOptions } from "./build-images.ts";
import { libraryClosure, librarySource, type Library } from "./elf/library-closure.ts";
import { builderOf } from "./languages/catalogue.ts";
import type { LanguageParts } from "./languages/language-build.ts";
import { baseLayer } from "./layers/base-layer.ts";
import { findBuild, rememberBuild } from "./layers/build-record.ts";
import type { CachedLayer, LayerCache } from "./layers/layer-cache.ts";
import { jsonBlob, mediaTypes } from "./oci/descriptor.ts";
import { imageConfig, type ImageLabels } from "./oci/image-config.ts";
import type { ImageLayout } from "./oci/image-layout.ts";
import { revisionOf, type Revision } from "./services/revision.ts";
import { architectureOf, folderOf, type Platform, type ServiceSource } from "./services/service-source.ts";

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
  await rememberBuild(source, settings, { ...built, image, startedMs });
  return image;
}

interface Built {
  readonly image: Omit<BuiltImage, "durationMs">;
  readonly inputs: readonly string[];
  readonly revision: Revision;
}

async function buildAnew(source: ServiceSource, settings: ImageSettings): Promise<Built> {
  const folder = folderOf(settings.root, source);
  const contents: PlatformContent[] = [];
  const inputs = new Set<string>();
  let revision: Revision | undefined;
  for (const platform of settings.platforms) {
    const { base, parts, libraries } = await partsFor(platform, source, settings);
    for (const input of parts.inputs) inputs.add(input);
    revision ??= await revisionOf(settings.repository, [folder, ...parts.inputs], settings.signal);
    const layers = await layersOf({ base, parts, libraries }, settings);
    const labels = labelsOf({ parts, revision, base }, source, settings);
    const config = imageConfig({
      architecture: architectureOf(platform),
      layers,
      run: { ...parts, environment: environmentOver(base, parts), port: source.service.spec.http?.port ?? 8080 },
      labels,
      createdSeconds: settings.createdSeconds ?? revision.createdSeconds,
    });
    contents.push({ platform, version: labels.version, layers, config: jsonBlob(mediaTypes.config, config) });
  }
  const { registry, layout } = settings;
  const image = await assembleImage({ service: source.service.metadata.name, registry }, contents, layout);
  return { inputs: [...inputs], image, revision: revision ?? { revision: undefined, createdSeconds: 0 } };
}

interface PlatformParts {
  readonly base: BaseImage | undefined;
  readonly parts: LanguageParts;
  readonly libraries: readonly Library[];
}

async function partsFor(platform: Platform, source: ServiceSource, settings: ImageSettings): Promise<PlatformParts> {
  const { cache, layout, repository, signal } = settings;
  const architecture = architectureOf(platform);
  const reference = settings.base ?? source.service.spec.build.base;
  const base = reference === undefined ? undefined : await openBase(reference, platform, { cache, layout, signal });
  const findLibraries = (programs: readonly string[]): readonly Library[] =>
    libraryClosure(programs, librarySource(architecture, settings.libraries));
  const { metadata, spec } = source.service;
  const parts = await builderOf(
    spec.language,
    metadata.name,
  )({
    source,
    repository,
    folder: folderOf(settings.root, source),
    architecture,
    cache,
    findLibraries,
    programOf: (names) => base?.programs.find((path) => names.includes(path.slice(path.lastIndexOf("/") + 1))),
    signal,
  });
  if (base === undefined) return { base, parts, libraries: findLibraries(parts.programs) };
  checkBase(base, parts.programs);
  return { base, parts, libraries: [] };
}

async function layersOf(
  { base, parts, libraries }: PlatformParts,
  { layers, layout }: ImageSettings,
): Promise<readonly CachedLayer[]> {
  const own = base === undefined ? [baseLayer(libraries), ...parts.layers] : parts.layers;
  const made = await Promise.all(own.map((each) => layers.get(each, layout)));
  return [...(base?.layers ?? []), ...made];
}

/** What the base sets stays, unless the service's runtime sets it too. */
function environmentOver(base: BaseImage | undefined, { environment }: LanguageParts): readonly string[] {
  const names = new Set([...environment, "HOST=", "PORT="].map((each) => each.slice(0, each.indexOf("=") + 1)));
  const inherited = (base?.environment ?? []).filter((each) => !names.has(each.slice(0, each.indexOf("=") + 1)));
  return [...inherited, ...environment];
}

function labelsOf(
  { parts, revision: { revision }, base }: Pick<PlatformParts, "parts" | "base"> & { readonly revision: Revision },
  { service }: ServiceSource,
  settings: ImageSettings,
): ImageLabels {
  const { name, description } = service.metadata;
  return {
    title: name,
    version: settings.version ?? parts.version ?? "0.0.0",
    ...(description !== undefined && { description }),
    ...(settings.source !== undefined && { source: settings.source }),
    ...(revision !== undefined && { revision }),
    ...(base?.address !== undefined && { baseName: base.address }),
    ...(base !== undefined && { baseDigest: base.digest }),
  };
}
