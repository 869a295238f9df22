import { createHash, randomUUID } from "node:crypto";
import { copyFile, link, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzip } from "../archive/gzip.ts";
import { BuildError, systemCodeOf } from "../build-error.ts";
import { mediaTypes, type Blob, type Descriptor } from "./descriptor.ts";

/** A layer as a manifest names it, and what it is unpacked. */
export interface LayerBlob {
  readonly descriptor: Descriptor;
  readonly diffId: string;
  readonly unpackedBytes: number;
}

/** Blobs by digest. Each appears under its name only when it is whole, so that builds side by side and crashes do no harm. */
export class BlobFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(digest: string): string {
    return join(this.folder, "sha256", digest.slice("sha256:".length));
  }

  /** Whether the blob is here, whole; whoever asks is about to use it, so that it counts as new from now on. */
  async has({ digest, size }: Descriptor): Promise<boolean> {
    const path = this.pathOf(digest);
    try {
      if ((await stat(path)).size !== size) return false;
      const now = new Date();
      await utimes(path, now, now);
      return true;
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return false;
      throw error;
    }
  }

  read(digest: string): Promise<Buffer> {
    return readFile(this.pathOf(digest));
  }

  async write({ descriptor, bytes }: Blob): Promise<void> {
    if (await this.has(descriptor)) return;
    const part = await this.#part();
    try {
      await writeFile(part, bytes);
      await rename(part, this.pathOf(descriptor.digest));
    } catch (error) {
      throw await this.#failed(part, error);
    }
  }

  /** Compresses a tar into a blob as it is made. */
  async writeLayer(tar: AsyncIterable<Uint8Array>): Promise<LayerBlob> {
    const plain = createHash("sha256");
    let unpackedBytes = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of tar) {
        plain.update(chunk);
        unpackedBytes += chunk.length;
        yield chunk;
      }
    }
    const packed = createHash("sha256");
    let size = 0;
    const part = await this.#part();
    try {
      {
        await using file = await open(part, "wx");
        for await (const chunk of gzip(counted())) {
          packed.update(chunk);
          size += chunk.length;
          await file.writeFile(chunk);
        }
      }
      const digest = `sha256:${packed.digest("hex")}`;
      await rename(part, this.pathOf(digest));
      const descriptor = { mediaType: mediaTypes.layer, digest, size };
      return { descriptor, diffId: `sha256:${plain.digest("hex")}`, unpackedBytes };
    } catch (error) {
      throw await this.#failed(part, error);
    }
  }

  /** Writes a blob as it arrives from elsewhere, and keeps it only if it is what was announced. */
  async take({ digest, size }: Descriptor, source: AsyncIterable<Uint8Array>): Promise<void> {
    const hash = createHash("sha256");
    let bytes = 0;
    const part = await this.#part();
    try {
      {
        await using file = await open(part, "wx");
        for await (const chunk of source) {
          hash.update(chunk);
          bytes += chunk.length;
          if (bytes > size) break;
          await file.writeFile(chunk);
        }
      }
      if (bytes !== size || `sha256:${hash.digest("hex")}` !== digest) {
        throw new BuildError("registry_failed", `the blob ${digest} arrives changed or cut off: try again`);
      }
      await rename(part, this.pathOf(digest));
    } catch (error) {
      throw await this.#failed(part, error);
    }
  }

  /** Takes a blob over from another folder, without a copy where both are on one disk. */
  async takeFrom(other: BlobFolder, descriptor: Descriptor): Promise<boolean> {
    if (await this.has(descriptor)) return true;
    if (!(await other.has(descriptor))) return false;
    const part = await this.#part();
    try {
      await link(other.pathOf(descriptor.digest), part).catch(() => copyFile(other.pathOf(descriptor.digest), part));
      await rename(part, this.pathOf(descriptor.digest));
      // A rename between two names of one file leaves both.
      await rm(part, { force: true });
      return true;
    } catch (error) {
      throw await this.#failed(part, error);
    }
  }

  async #part(): Promise<string> {
    await mkdir(join(this.folder, "sha256"), { recursive: true });
    return join(this.folder, `${randomUUID()}.part`);
  }

  async #failed(part: string, error: unknown): Promise<unknown> {
    await rm(part, { force: true });
    const code = systemCodeOf(error);
    if (code === "ENOSPC" || code === "EDQUOT") {
      return new BuildError(
        "layout_failed",
        `the disk is full at ${this.folder}: free some space, then build again`,
        error,
      );
    }
    return error;
  }
}
