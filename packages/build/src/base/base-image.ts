import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { listTar } from "../archive/tar-listing.ts";
import { BuildError, systemCodeOf } from "../build-error.ts";
import { unpack } from "../archive/unpack.ts";
import type { CachedLayer } from "../layers/layer-cache.ts";
import { mediaTypes, type Descriptor } from "../oci/descriptor.ts";
import { ImageLayout, nameAnnotation } from "../oci/image-layout.ts";
import { isRecord, parseManifest, parseObject, type ImageManifest } from "../oci/manifest.ts";
import { PulledImage } from "../registry/pull-image.ts";
import { parseAddress } from "../registry/registry-address.ts";
import { architectureOf, type Platform } from "../services/service-source.ts";

/** An image of somebody else that a service's layers are put on. */
export interface BaseImage {
  readonly name: string;
  /** In a registry; a folder of this machine means nothing elsewhere. */
  readonly address: string | undefined;
  readonly digest: string;
  readonly layers: readonly CachedLayer[];
  /** `NAME=value` */
  readonly environment: readonly string[];
  /** Runtimes that it brings, from the root. */
  readonly programs: readonly string[];
  /** Names of the libraries that it brings. */
  readonly libraries: readonly string[];
}

interface BasePlace {
  readonly cache: string;
  readonly layout: ImageLayout;
  readonly signal: AbortSignal;
}

/** What is looked for in a base. */
interface BaseFindings {
  readonly programs: readonly string[];
  readonly libraries: readonly string[];
}

/** Where the blobs of a base are: in a layout on this machine, or in a registry. */
export interface BaseSource {
  readonly descriptor: Descriptor;
  readonly manifest: (descriptor: Descriptor) => Promise<Buffer>;
  /** Brings a blob into a layout. */
  readonly bring: (descriptor: Descriptor, layout: ImageLayout) => Promise<void>;
}

/** Gets a base image for a platform: by its name in a registry, or `FOLDER` or `FOLDER:NAME` of an OCI layout. */
export async function openBase(reference: string, platform: Platform, place: BasePlace): Promise<BaseImage> {
  const local = await fromLayout(reference);
  const source = local ?? (await PulledImage.find(parseAddress(reference), place.signal));
  const { descriptor, manifest } = await manifestFor(source, platform, reference);
  const { layout } = place;
  for (const blob of [manifest.config, ...manifest.layers]) await source.bring(blob, layout);
  const config = parseObject(await layout.blobs.read(manifest.config.digest), reference);
  const diffIds = isRecord(config["rootfs"]) ? stringsOf(config["rootfs"]["diff_ids"]) : [];
  if (diffIds.length !== manifest.layers.length) {
    throw new BuildError(
      "image_not_found",
      `${reference} names the content of ${diffIds.length} of its ${manifest.layers.length} layers`,
    );
  }
  const findings = await findIn(descriptor.digest, manifest, place);
  const settings = isRecord(config["config"]) ? config["config"] : {};
  return {
    name: reference,
    address: local === undefined ? reference : undefined,
    digest: descriptor.digest,
    environment: stringsOf(settings["Env"]),
    layers: manifest.layers.map((layer, index) => ({
      descriptor: { mediaType: ociTypeOf(layer.mediaType), digest: layer.digest, size: layer.size },
      diffId: diffIds[index] ?? "",
      unpackedBytes: findings.layerBytes[index] ?? 0,
      reused: true,
    })),
    ...findings,
  };
}

async function fromLayout(reference: string): Promise<BaseSource | undefined> {
  const colon = reference.indexOf(":");
  const whole = existsSync(join(reference, "index.json"));
  if (!whole && (colon === -1 || !existsSync(join(reference.slice(0, colon), "index.json")))) return undefined;
  const name = whole ? undefined : reference.slice(colon + 1);
  const layout = await ImageLayout.open(resolve(whole ? reference : reference.slice(0, colon)));
  const all = await layout.list();
  const descriptor = all.find(({ annotations }) => name === undefined || annotations?.[nameAnnotation] === name);
  if (descriptor === undefined)
    throw new BuildError("image_not_found", `the layout ${layout.folder} has no image ${name ?? ""}`);
  return {
    descriptor,
    manifest: ({ digest }) => layout.blobs.read(digest),
    bring: async (blob, target) => {
      if (await target.blobs.takeFrom(layout.blobs, blob)) return;
      throw new BuildError("image_not_found", `the layout ${layout.folder} has no blob ${blob.digest}`);
    },
  };
}

async function manifestFor(
  source: BaseSource,
  platform: Platform,
  reference: string,
): Promise<{ readonly descriptor: Descriptor; readonly manifest: ImageManifest }> {
  const found = parseManifest(await source.manifest(source.descriptor), reference);
  if (found.kind === "image") return { descriptor: source.descriptor, manifest: found };
  const architecture = architectureOf(platform);
  const descriptor = found.manifests.find(
    (each) => each.platform?.os === "linux" && each.platform.architecture === architecture,
  );
  const manifest = descriptor && parseManifest(await source.manifest(descriptor), reference);
  if (descriptor !== undefined && manifest?.kind === "image") return { descriptor, manifest };
  const offered = found.manifests.map((each) => `${each.platform?.os ?? "?"}/${each.platform?.architecture ?? "?"}`);
  throw new BuildError("image_not_found", `${reference} is there for ${offered.join(", ")}, not for ${platform}`);
}

/** Looks through the layers once; an image under a digest never changes. */
async function findIn(
  digest: string,
  { layers }: ImageManifest,
  { cache, layout }: BasePlace,
): Promise<BaseFindings & { readonly layerBytes: readonly number[] }> {
  const record = join(cache, "bases", `${createHash("sha256").update(`1 ${digest}`).digest("hex")}.json`);
  try {
    return JSON.parse(await readFile(record, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError) && systemCodeOf(error) !== "ENOENT") throw error;
  }
  const programs = new Set<string>();
  const libraries = new Set<string>();
  const layerBytes: number[] = [];
  for (const layer of layers) {
    let bytes = 0;
    for await (const entry of listTar(unpack(layout.blobs.pathOf(layer.digest), layer.mediaType))) {
      bytes += entry.bytes;
      const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
      if (runtimes.test(name) && entry.isProgram) programs.add(`/${entry.path}`);
      if (/\.so(?:\.[\d.]+)?$/u.test(name)) libraries.add(name);
    }
    layerBytes.push(bytes);
  }
  const findings = { programs: [...programs].toSorted(), libraries: [...libraries].toSorted(), layerBytes };
  await mkdir(join(cache, "bases"), { recursive: true });
  const part = `${record}.${randomUUID()}.part`;
  await writeFile(part, JSON.stringify(findings));
  await rename(part, record);
  return findings;
}

const runtimes = /^(?:node|python3|java)$/u;

/** Docker's older names of the same bytes. */
function ociTypeOf(mediaType: string): string {
  if (mediaType.endsWith("+gzip") || mediaType.endsWith(".gzip")) return mediaTypes.layer;
  return mediaType;
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
