import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageEntry } from "../archive/image-entry.ts";
import { writeTar } from "../archive/tar.ts";
import { systemCodeOf } from "../build-error.ts";
import { touch } from "./cache-age.ts";
import { BlobFolder, type LayerBlob } from "../oci/blob-folder.ts";
import type { ImageLayout } from "../oci/image-layout.ts";

/** Part of every key: a change of how layers are made makes them anew. */
const recipe = "1";

export interface LayerSource {
  /** What the layer is made from, by content or by the marks that a file system leaves at every change. */
  readonly key: readonly string[];
  /** Large and the same for many images: kept beside the layouts too. */
  readonly isShared: boolean;
  readonly entries: () => readonly ImageEntry[] | Promise<readonly ImageEntry[]>;
}

export interface CachedLayer extends LayerBlob {
  /** Whether it was there already. */
  readonly reused: boolean;
}

/** Layers that many images share, under what they were made from: compressed once, whatever layouts they end up in. */
export class LayerCache {
  readonly #folder: string;
  readonly #blobs: BlobFolder;
  readonly #running = new Map<string, Promise<CachedLayer>>();

  constructor(folder: string) {
    this.#folder = join(folder, "layers");
    this.#blobs = new BlobFolder(join(folder, "blobs"));
  }

  /** The layer, in the layout. Whoever asks for the same one meanwhile waits for the first. */
  async get(source: LayerSource, layout: ImageLayout): Promise<CachedLayer> {
    const key = createHash("sha256")
      .update([recipe, ...source.key].join("\0"))
      .digest("hex");
    const name = `${key} ${layout.folder}`;
    const running = this.#running.get(name);
    if (running !== undefined) return { ...(await running), reused: true };
    const work = this.#get(key, source, layout).finally(() => this.#running.delete(name));
    this.#running.set(name, work);
    return work;
  }

  async #get(key: string, source: LayerSource, layout: ImageLayout): Promise<CachedLayer> {
    const record = join(this.#folder, `${key}.json`);
    const known = await readRecord(record);
    if (known !== undefined && (await layout.blobs.takeFrom(this.#blobs, known.descriptor))) {
      await touch(record);
      return { ...known, reused: true };
    }
    const layer = await layout.blobs.writeLayer(writeTar(await source.entries()));
    if (source.isShared) await this.#blobs.takeFrom(layout.blobs, layer.descriptor);
    await mkdir(this.#folder, { recursive: true });
    const part = `${record}.${randomUUID()}.part`;
    await writeFile(part, JSON.stringify(layer));
    await rename(part, record);
    return { ...layer, reused: false };
  }
}

/** The file is the cache's own; one that a crash damaged is a layer that has to be made again. */
async function readRecord(path: string): Promise<LayerBlob | undefined> {
  try {
    const value: LayerBlob = JSON.parse(await readFile(path, "utf8"));
    return typeof value.diffId === "string" && typeof value.descriptor.digest === "string" ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
