import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { KubeletError, messageOf, systemCodeOf } from "../kubelet-error.ts";
import { parseImageConfig, readManifest, readVerified } from "./image-manifest.ts";
import type { Descriptor, FoundImage, ImageConfig, ImageManifest } from "./image-manifest.ts";
import { formatImageReference, parseImageReference } from "./image-reference.ts";
import { sharedLayerBytesMin, unpackChunkBytes } from "../limits.ts";
import { unpackLayer } from "./layer-unpack.ts";
import { linkTree } from "./link-tree.ts";
import { findInLayout } from "./oci-layout.ts";
import { findInRegistry } from "./registry-client.ts";
import type { RegistryAccess } from "./registry-client.ts";

export interface ImageStoreOptions {
  readonly folder: string;
  /** OCI image layouts, asked before any registry. */
  readonly layouts: readonly string[];
  /** See `RegistryOptions.mirrors`. */
  readonly mirrors: Readonly<Record<string, string>>;
  readonly registryCa?: string;
  /** Without registries an image that no layout has is not found. */
  readonly offline: boolean;
  readonly log?: (line: string) => void;
}

/** An image ready to run. Its root is shared by all that run it and is never written to. */
export interface UnpackedImage {
  /** As asked for, in full. */
  readonly name: string;
  /** `sha256:...` of its configuration. */
  readonly id: string;
  /** As in a container's status: `docker.io/library/busybox@sha256:...` */
  readonly reference: string;
  readonly root: string;
  readonly bytes: number;
  readonly config: ImageConfig;
}

interface StoredImage extends Omit<UnpackedImage, "root"> {
  readonly rootId: string;
  /** Roots of its first layers, whose files it shares; unknown of images of earlier versions. */
  readonly baseIds?: readonly string[];
}

/** Something unpacked: an image, or first layers that images share. */
export interface ImageRoot {
  readonly path: string;
  /** The roots that this one began with. */
  readonly bases: readonly string[];
}

/**
 * Images by name, their unpacked roots by content: two names, or two images of the same layers, share one root; images that begin with the same
 * big layers share the files of these. A root appears under its name only when it is whole, so that a crash leaves nothing half.
 */
export class ImageStore {
  readonly #options: ImageStoreOptions;
  readonly #unpacking = new Map<string, Promise<void>>();
  readonly #images = new Map<string, StoredImage>();

  private constructor(options: ImageStoreOptions) {
    this.#options = options;
  }

  static async open(options: ImageStoreOptions): Promise<ImageStore> {
    const store = new ImageStore(options);
    await mkdir(join(options.folder, "roots"), { recursive: true, mode: 0o700 });
    await mkdir(join(options.folder, "names"), { recursive: true, mode: 0o700 });
    for (const name of await readdir(join(options.folder, "roots"))) {
      if (name.endsWith(".part")) await rm(join(options.folder, "roots", name), { recursive: true, force: true });
    }
    for (const name of await readdir(join(options.folder, "names"))) store.#load(join(options.folder, "names", name));
    return store;
  }

  /** An image that is already here. */
  get(name: string): UnpackedImage | undefined {
    const stored = this.#images.get(formatImageReference(parseImageReference(name)));
    return stored === undefined ? undefined : this.#ready(stored);
  }

  list(): UnpackedImage[] {
    return [...this.#images.values()].map((stored) => this.#ready(stored));
  }

  /** All that is unpacked. */
  roots(): ImageRoot[] {
    return readdirSync(join(this.#options.folder, "roots")).flatMap((id) => {
      if (id.endsWith(".part")) return [];
      const stored = [...this.#images.values()].find((each) => each.rootId === id);
      return { path: this.#rootPath(id), bases: (stored?.baseIds ?? []).map((base) => this.#rootPath(base)) };
    });
  }

  /**
   * Forgets a root with its names and removes its files; what it was unpacked from stays. Answers false when it can't be just now. Nobody may be
   * using it.
   */
  async remove(path: string): Promise<boolean> {
    // Others may be about to begin with it.
    if (this.#unpacking.size > 0) return false;
    for (const stored of this.#images.values()) {
      if (this.#rootPath(stored.rootId) !== path) continue;
      this.#images.delete(stored.name);
      rmSync(this.#nameFile(stored.name), { force: true });
    }
    const part = `${path}.${randomUUID()}.part`;
    renameSync(path, part);
    await rm(part, { recursive: true, force: true });
    return true;
  }

  /** Gets an image by its name from a layout or a registry and unpacks it. */
  async pull(name: string, access?: RegistryAccess): Promise<UnpackedImage> {
    const reference = parseImageReference(name);
    const full = formatImageReference(reference);
    const found = await this.#find(name, access);
    const { manifest, descriptor, config, all } = await this.#describe(found);
    await this.#unpackOnce(found, all);
    const digest = reference.digest ?? found.descriptor.digest;
    const stored: StoredImage = {
      name: full,
      id: manifest.config.digest,
      reference: `${reference.registry}/${reference.repository}@${digest}`,
      rootId: rootIdOf(all.diffIds),
      baseIds: baseIdsOf(all),
      bytes: [descriptor, manifest.config, ...all.layers].reduce((sum, each) => sum + each.size, 0),
      config,
    };
    await this.#remember(stored);
    return this.#ready(stored);
  }

  /** Begins to unpack an image that a layout has, while its pod is still being prepared. What is wrong with it is told to whoever pulls it. */
  prefetch(name: string): void {
    this.#fetchAhead(name).catch((error: unknown) => this.#options.log?.(`image ${name}: ${messageOf(error)}`));
  }

  async #fetchAhead(name: string): Promise<void> {
    const reference = parseImageReference(name);
    if (this.#images.has(formatImageReference(reference))) return;
    for (const layout of this.#options.layouts) {
      const found = await findInLayout(layout, reference);
      if (found !== undefined) {
        await this.#unpackOnce(found, (await this.#describe(found)).all);
        return;
      }
    }
  }

  async #find(name: string, access: RegistryAccess | undefined): Promise<FoundImage> {
    const reference = parseImageReference(name);
    for (const layout of this.#options.layouts) {
      const found = await findInLayout(layout, reference);
      if (found !== undefined) return found;
    }
    const full = formatImageReference(reference);
    const { mirrors, registryCa, offline } = this.#options;
    if (offline && mirrors[reference.registry] === undefined && !isLocal(reference.registry)) {
      const where = "no image layout has it and registries elsewhere are switched off";
      throw new KubeletError("image-not-found", `failed to resolve reference "${full}": ${where}`);
    }
    const ca = registryCa === undefined ? {} : { ca: registryCa };
    return findInRegistry(reference, { mirrors, ...ca, ...(access === undefined ? {} : { access }) });
  }

  async #describe(found: FoundImage): Promise<DescribedImage> {
    const architecture = process.arch === "x64" ? "amd64" : process.arch;
    const { manifest, descriptor } = await readManifest(found, architecture);
    const config = parseImageConfig(await readVerified(found.source, manifest.config));
    const layers = manifest.layers.filter((layer) => layer.size > 0);
    const { diffIds } = config;
    if (diffIds.length !== layers.length) {
      const counts = `${diffIds.length} of ${layers.length}`;
      throw new KubeletError("image-invalid", `the image's configuration names the content of ${counts} layers`);
    }
    return { manifest, descriptor, config, all: { layers, diffIds } };
  }

  async #unpackOnce(found: FoundImage, layers: Layers): Promise<void> {
    const rootId = rootIdOf(layers.diffIds);
    const root = this.#rootPath(rootId);
    if (existsSync(root)) return;
    const running = this.#unpacking.get(rootId);
    if (running !== undefined) return running;
    const work = this.#unpack(root, found, layers).finally(() => this.#unpacking.delete(rootId));
    this.#unpacking.set(rootId, work);
    return work;
  }

  async #unpack(root: string, found: FoundImage, all: Layers): Promise<void> {
    const { layers, diffIds } = all;
    const shared = sharedLayers(layers);
    if (shared > 0) await this.#unpackOnce(found, firstLayers(all, shared));
    const part = `${root}.${randomUUID()}.part`;
    try {
      if (shared === 0) await mkdir(part, { recursive: true, mode: 0o755 });
      else await linkTree(this.#rootPath(rootIdOf(diffIds.slice(0, shared))), part, { owners: isRoot });
      for (const [index, layer] of layers.entries()) {
        if (index >= shared) await unpackVerified(found, layer, { diffId: diffIds[index] ?? "", root: part });
      }
      await rename(part, root);
    } catch (error) {
      await rm(part, { recursive: true, force: true });
      throw error;
    }
  }

  async #remember(stored: StoredImage): Promise<void> {
    const file = this.#nameFile(stored.name);
    const part = `${file}.${randomUUID()}`;
    await writeFile(part, JSON.stringify(stored), { mode: 0o600 });
    await rename(part, file);
    this.#images.set(stored.name, stored);
  }

  #load(file: string): void {
    if (!file.endsWith(".json")) return;
    const stored = readStored(file);
    if (stored !== undefined && existsSync(this.#rootPath(stored.rootId))) this.#images.set(stored.name, stored);
  }

  #ready(stored: StoredImage): UnpackedImage {
    const { rootId, baseIds: _, ...image } = stored;
    return { ...image, root: this.#rootPath(rootId) };
  }

  #nameFile(name: string): string {
    return join(this.#options.folder, "names", `${createHash("sha256").update(name).digest("hex")}.json`);
  }

  #rootPath(rootId: string): string {
    return join(this.#options.folder, "roots", rootId);
  }
}

interface DescribedImage {
  readonly manifest: ImageManifest;
  readonly descriptor: Descriptor;
  readonly config: ImageConfig;
  readonly all: Layers;
}

interface Layers {
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly string[];
}

const isRoot = process.getuid?.() === 0;

function rootIdOf(diffIds: readonly string[]): string {
  return createHash("sha256").update(diffIds.join("\n")).digest("hex");
}

/** How many of the layers are a root of their own: up to the last big one that has something above it. */
function sharedLayers(layers: readonly Descriptor[]): number {
  return layers.slice(0, -1).findLastIndex(({ size }) => size >= sharedLayerBytesMin) + 1;
}

/** The roots that an image of these layers shares files with: its first layers, and theirs. */
function baseIdsOf(all: Layers): string[] {
  const shared = sharedLayers(all.layers);
  if (shared === 0) return [];
  return [rootIdOf(all.diffIds.slice(0, shared)), ...baseIdsOf(firstLayers(all, shared))];
}

function firstLayers({ layers, diffIds }: Layers, count: number): Layers {
  return { layers: layers.slice(0, count), diffIds: diffIds.slice(0, count) };
}

/** The file is the store's own; one that a crash or a disk damaged is an image that has to be pulled again. */
function readStored(file: string): StoredImage | undefined {
  try {
    const value: StoredImage = JSON.parse(readFileSync(file, "utf8"));
    return typeof value.rootId === "string" && typeof value.name === "string" ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isLocal(registry: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/u.test(registry);
}

/** Both digests are checked while the layer streams by: of the packed blob and of the tar inside. */
async function unpackVerified(
  found: FoundImage,
  layer: Descriptor,
  { diffId, root }: { diffId: string; root: string },
): Promise<void> {
  const packed = createHash("sha256");
  const plain = createHash("sha256");
  let packedBytes = 0;
  const source = await found.source.stream(layer);
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      packed.update(piece);
      packedBytes += piece.length;
      if (packedBytes > layer.size) {
        throw new KubeletError(
          "image-invalid",
          `the layer ${layer.digest} is longer than the ${layer.size} bytes announced`,
        );
      }
      yield piece;
    }
  }
  async function* hashed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      plain.update(piece);
      yield piece;
    }
  }
  await unpackLayer(hashed(decompress(counted(), layer)), root, {
    owners: isRoot,
    packedBytes: () => packedBytes,
  });
  compare("layer", layer.digest, packed.digest("hex"));
  compare("content of layer", diffId, plain.digest("hex"));
}

function compare(what: string, expected: string, hex: string): void {
  if (expected !== `sha256:${hex}`) {
    throw new KubeletError(
      "image-invalid",
      `the ${what} ${expected} has the digest sha256:${hex}: it was changed or cut off`,
    );
  }
}

async function* decompress(pieces: AsyncIterable<Uint8Array>, layer: Descriptor): AsyncGenerator<Uint8Array> {
  const unpacker = unpackerFor(layer.mediaType);
  if (unpacker === undefined) {
    yield* pieces;
    return;
  }
  const source = Readable.from(pieces, { objectMode: false });
  source.on("error", (error) => unpacker.destroy(error));
  try {
    for await (const piece of source.pipe(unpacker)) yield piece;
  } catch (error) {
    if (error instanceof KubeletError) throw error;
    throw new KubeletError("image-invalid", `the layer ${layer.digest} can't be unpacked: ${messageOf(error)}`, error);
  }
}

function unpackerFor(mediaType: string): Transform | undefined {
  if (mediaType.endsWith("gzip")) return createGunzip({ chunkSize: unpackChunkBytes });
  if (mediaType.endsWith("+zstd")) return createZstdDecompress({ chunkSize: unpackChunkBytes });
  if (mediaType.endsWith(".tar")) return undefined;
  throw new KubeletError(
    "image-refused",
    `a layer has the type ${JSON.stringify(mediaType)}: only tar, tar+gzip and tar+zstd can be unpacked`,
  );
}
