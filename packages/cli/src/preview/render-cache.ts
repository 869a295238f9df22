import type { RenderCache } from "@fairway/preview";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** About a day of pull requests of a large platform; the oldest go first. */
const entriesMax = 20_000;

/** Rendered manifests on disk, for this user alone: Secrets are among them. A cache that can't be written is no reason to fail. */
export class DiskRenderCache implements RenderCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async get(key: string): Promise<string | undefined> {
    return readFile(join(this.#directory, key), "utf8").catch(() => undefined);
  }

  async put(key: string, text: string): Promise<void> {
    const unfinished = join(this.#directory, `.${randomUUID()}`);
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeFile(unfinished, text, { mode: 0o600 });
      await rename(unfinished, join(this.#directory, key));
    } catch {
      await rm(unfinished, { force: true }).catch(() => undefined);
    }
  }

  /** Keeps the newest entries. */
  async prune(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    if (names.length <= entriesMax) return;
    const aged = await Promise.all(
      names.map(async (name) => ({
        name,
        ms: (await stat(join(this.#directory, name)).catch(() => undefined))?.mtimeMs ?? 0,
      })),
    );
    const surplus = aged.toSorted((a, b) => a.ms - b.ms).slice(0, names.length - entriesMax);
    await Promise.all(surplus.map(({ name }) => rm(join(this.#directory, name), { force: true })));
  }
}

export const noCache: RenderCache = { get: async () => undefined, put: async () => {} };
