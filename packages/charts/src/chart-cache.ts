import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface CachedIndex {
  readonly text: string;
  readonly etag: string;
  readonly fetchedAtMs: number;
}

/**
 * What was fetched once, on disk. Archives are stored under the hash of their content, and what a name and a version stood
 * for under the hash of both; a file appears whole or not at all.
 */
export class ChartCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The archive of an exact version, if it was fetched before and is still what it was. */
  async archive(key: string): Promise<{ archive: Uint8Array; digest: string } | undefined> {
    const digest = (await this.#read("versions", sha256(key)))?.toString("latin1");
    const archive = digest === undefined ? undefined : await this.#read("archives", digest);
    // A disk that lost half a file must not become a chart.
    return archive && digest !== undefined && sha256(archive) === digest ? { archive, digest } : undefined;
  }

  async keepArchive(key: string, archive: Uint8Array): Promise<string> {
    const digest = sha256(archive);
    await this.#write("archives", digest, archive);
    await this.#write("versions", sha256(key), Buffer.from(digest));
    return digest;
  }

  async index(url: string): Promise<CachedIndex | undefined> {
    const stored = await this.#read("indexes", sha256(url));
    if (!stored) return undefined;
    // The first line is JSON about the text that follows.
    const lineEnd = stored.indexOf(0x0a);
    try {
      const about = JSON.parse(stored.toString("utf8", 0, lineEnd)) as {
        etag: string;
        fetchedAtMs: number;
        digest: string;
      };
      const text = stored.toString("utf8", lineEnd + 1);
      return sha256(text) === about.digest ? { text, etag: about.etag, fetchedAtMs: about.fetchedAtMs } : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async keepIndex(url: string, index: CachedIndex): Promise<void> {
    const about = { etag: index.etag, fetchedAtMs: index.fetchedAtMs, digest: sha256(index.text) };
    await this.#write("indexes", sha256(url), Buffer.from(`${JSON.stringify(about)}\n${index.text}`));
  }

  async #read(kind: string, name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.#directory, kind, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async #write(kind: string, name: string, content: Uint8Array): Promise<void> {
    const folder = join(this.#directory, kind);
    await mkdir(folder, { recursive: true });
    const unfinished = join(folder, `.${name}.${randomUUID()}`);
    try {
      await writeFile(unfinished, content, { mode: 0o600 });
      await rename(unfinished, join(folder, name));
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }
}

export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
