import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { touch } from "../layers/cache-age.ts";

/** A folder of the cache under what it is made from; it appears only when it is whole. */
export async function preparedFolder(
  cache: string,
  key: readonly string[],
  prepare: (folder: string) => Promise<void>,
): Promise<string> {
  const name = createHash("sha256").update(key.join("\0")).digest("hex");
  const folder = join(cache, "prepared", name);
  if (existsSync(folder)) {
    await touch(folder);
    return folder;
  }
  const draft = `${folder}.${randomUUID()}.part`;
  await mkdir(draft, { recursive: true });
  try {
    await prepare(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
