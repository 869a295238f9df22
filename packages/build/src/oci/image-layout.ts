import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError, messageOf, systemCodeOf } from "../build-error.ts";
import { buildsKept, manifestBytesMax, unreferencedKeptMs } from "../limits.ts";
import { BlobFolder } from "./blob-folder.ts";
import { mediaTypes, type Descriptor } from "./descriptor.ts";
import { underLock } from "./folder-lock.ts";
import { isManifestType, parseManifest } from "./manifest.ts";

export const nameAnnotation = "org.opencontainers.image.ref.name";
const repositoryAnnotation = "dev.fairway.image.repository";

export interface NamedImage {
  /** `ghcr.io/acme/shop/orders-service` */
  readonly repository: string;
  /** Annotated with; `docker.io` tools ask by it. */
  readonly tag: string;
  readonly descriptor: Descriptor;
}

/** An OCI image layout of many images: one folder of blobs, and an index whose first entry of a repository is its newest build. */
export class ImageLayout {
  readonly folder: string;
  readonly blobs: BlobFolder;

  private constructor(folder: string) {
    this.folder = folder;
    this.blobs = new BlobFolder(join(folder, "blobs"));
  }

  static async open(folder: string): Promise<ImageLayout> {
    try {
      await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
      await writeFile(join(folder, "oci-layout"), `{"imageLayoutVersion":"1.0.0"}`);
    } catch (error) {
      const why = systemCodeOf(error) ?? messageOf(error);
      throw new BuildError(
        "layout_failed",
        `${folder} can't be made or written to (${why}): check it, or name another`,
        error,
      );
    }
    return new ImageLayout(folder);
  }

  async list(): Promise<readonly Descriptor[]> {
    const path = join(this.folder, "index.json");
    try {
      const index = parseManifest(await readFile(path), path);
      if (index.kind === "index") return index.manifests;
      throw new BuildError("layout_failed", `${path} is no index of images`);
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  /** Puts images in front, forgets the oldest builds, and takes away the blobs that nothing refers to any more. */
  async add(images: readonly NamedImage[]): Promise<void> {
    if (images.length === 0) return;
    await underLock(join(this.folder, "index.lock"), async () => {
      const known = await this.list();
      const next = merge(known, images);
      if (JSON.stringify(next) !== JSON.stringify(known)) await this.#writeIndex(next);
      await this.#collect(next);
    });
  }

  async #writeIndex(manifests: readonly Descriptor[]): Promise<void> {
    const part = join(this.folder, `index.json.${randomUUID()}.part`);
    await writeFile(part, JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
    await rename(part, join(this.folder, "index.json"));
  }

  async #collect(manifests: readonly Descriptor[]): Promise<void> {
    const referenced = new Set<string>();
    for (const descriptor of manifests) await this.#mark(descriptor, referenced);
    const before = Date.now() - unreferencedKeptMs;
    for (const folder of [this.blobs.folder, join(this.blobs.folder, "sha256")]) {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (!entry.isFile() || referenced.has(`sha256:${entry.name}`)) continue;
        const path = join(folder, entry.name);
        if ((await stat(path)).mtimeMs < before) await rm(path, { force: true });
      }
    }
  }

  async #mark(descriptor: Descriptor, referenced: Set<string>): Promise<void> {
    if (referenced.has(descriptor.digest)) return;
    referenced.add(descriptor.digest);
    if (!isManifestType(descriptor.mediaType)) return;
    if (descriptor.size > manifestBytesMax) {
      throw new BuildError("layout_failed", `${descriptor.digest} in ${this.folder} is too large for a manifest`);
    }
    // Somebody may have removed it; the builder notices that when it is asked for.
    if (!(await this.blobs.has(descriptor))) return;
    const manifest = parseManifest(await this.blobs.read(descriptor.digest), descriptor.digest);
    const children = manifest.kind === "index" ? manifest.manifests : [manifest.config, ...manifest.layers];
    for (const child of children) await this.#mark(child, referenced);
  }
}

function merge(known: readonly Descriptor[], images: readonly NamedImage[]): readonly Descriptor[] {
  const entries = [...images.map(descriptorOf), ...known];
  const counts = new Map<string, number>();
  const digests = new Set<string>();
  const names = new Set<string>();
  return entries.flatMap((entry) => {
    const repository = entry.annotations?.[repositoryAnnotation];
    const name = entry.annotations?.[nameAnnotation];
    const key = `${repository ?? ""} ${entry.digest}`;
    const count = (counts.get(repository ?? "") ?? 0) + 1;
    if (digests.has(key) || (repository !== undefined && count > buildsKept)) return [];
    digests.add(key);
    counts.set(repository ?? "", count);
    // A name belongs to the newest image that has it.
    if (name === undefined || !names.has(name)) {
      if (name !== undefined) names.add(name);
      return [entry];
    }
    const { [nameAnnotation]: _, ...annotations } = entry.annotations ?? {};
    return [{ ...entry, annotations }];
  });
}

function descriptorOf({ repository, tag, descriptor }: NamedImage): Descriptor {
  const annotations = { [nameAnnotation]: `${repository}:${tag}`, [repositoryAnnotation]: repository };
  return { ...descriptor, annotations };
}
