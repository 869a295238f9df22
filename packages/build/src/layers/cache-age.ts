import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf } from "../build-error.ts";
import { cacheKeptMs } from "../limits.ts";

/** What is used counts as new. */
export async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(unlessGone);
}

const folders = ["bases", "blobs/sha256", "builds", "layers", "npm", "prepared", "programs"];

/** Takes away what nobody used for a long time, and what a crash left half. */
export async function pruneCache(cache: string): Promise<void> {
  const before = Date.now() - cacheKeptMs;
  for (const folder of folders) {
    const names = await readdir(join(cache, folder)).catch(unlessGone);
    for (const name of names ?? []) {
      const path = join(cache, folder, name);
      const found = await stat(path).catch(unlessGone);
      if (found !== undefined && found.mtimeMs < before) await rm(path, { recursive: true, force: true });
    }
  }
}

function unlessGone(error: unknown): undefined {
  if (systemCodeOf(error) === "ENOENT") return undefined;
  throw error;
}
