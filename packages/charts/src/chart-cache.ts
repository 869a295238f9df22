import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ChartsError } from "./charts-error.ts";
import { SingleFlight } from "./single-flight.ts";

/** What a repository or registry offers, in a form of ours, and when it said so. */
export interface KeptListing {
  readonly text: string;
  readonly etag: string;
  readonly fetchedAtMs: number;
}

export interface KeptArchive {
  readonly archive: Uint8Array;
  readonly digest: string;
}

/** Another layout of the files below makes older ones unknown, not wrong. */
const listingFormat = 2;

/**
 * What was fetched once, on disk. Archives are stored under the hash of their content, and what a name and a version stood
 * for under the hash of both; a file appears whole or not at all, and what is no longer what it was counts as missing.
 */
export class ChartCache {
  readonly #directory: string;
  readonly #downloads = new SingleFlight<KeptArchive>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The archive that the key stands for; downloaded if it is not there. */
  archive(key: string, download: () => Promise<Uint8Array>): Promise<KeptArchive> {
    return this.#downloads.run(key, async () => {
      const known = await this.#archive(key);
      if (known) return known;
      const archive = await download();
      const digest = sha256(archive);
      await this.#write("archives", digest, archive);
      await this.#write("versions", sha256(key), Buffer.from(digest));
      return { archive, digest };
    });
  }

  async #archive(key: string): Promise<KeptArchive | undefined> {
    const digest = (await this.#read("versions", sha256(key)))?.toString("latin1") ?? "";
    if (!/^[0-9a-f]{64}$/.test(digest)) return undefined;
    const archive = await this.#read("archives", digest);
    // A disk that lost half a file must not become a chart.
    return archive && sha256(archive) === digest ? { archive, digest } : undefined;
  }

  async listing(url: string): Promise<KeptListing | undefined> {
    const stored = await this.#read("listings", sha256(url));
    if (!stored) return undefined;
    // The first line is JSON about the text that follows.
    const lineEnd = stored.indexOf(0x0a);
    const about = parsedLine(stored.toString("utf8", 0, Math.max(lineEnd, 0)));
    const text = stored.toString("utf8", lineEnd + 1);
    if (about?.["format"] !== listingFormat || about["digest"] !== sha256(text)) return undefined;
    const { etag, fetchedAtMs } = about;
    return typeof etag === "string" && typeof fetchedAtMs === "number" ? { text, etag, fetchedAtMs } : undefined;
  }

  async keepListing(url: string, { text, etag, fetchedAtMs }: KeptListing): Promise<void> {
    const about = { format: listingFormat, etag, fetchedAtMs, digest: sha256(text) };
    await this.#write("listings", sha256(url), Buffer.from(`${JSON.stringify(about)}\n${text}`));
  }

  async #read(kind: string, name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.#directory, kind, name));
    } catch (error) {
      if (isErrno(error) && error.code === "ENOENT") return undefined;
      throw this.#unusable("read", error);
    }
  }

  async #write(kind: string, name: string, content: Uint8Array): Promise<void> {
    const folder = join(this.#directory, kind);
    const unfinished = join(folder, `.${name}.${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(unfinished, content, { mode: 0o600 });
      await rename(unfinished, join(folder, name));
    } catch (error) {
      // The first failure is the one to report; leftovers of a full or read-only disk can't always be removed.
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw this.#unusable("written", error);
    }
  }

  #unusable(what: "read" | "written", error: unknown): ChartsError {
    const why = isErrno(error) ? error.code : String(error);
    const message = `the cache of charts in ${this.#directory} can't be ${what} (${why}): make it writable, free space, or name another folder`;
    return new ChartsError("cache-unusable", message, { cause: error });
  }
}

function parsedLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}

export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
