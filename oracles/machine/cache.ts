import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where built binaries, images and clusters live: never in the repository, and shared by all work trees. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env["FAIRWAY_ORACLES_CACHE"];
  if (own !== undefined && own !== "") return own;
  const base = env["XDG_CACHE_HOME"];
  return join(base === undefined || base === "" ? join(homedir(), ".cache") : base, "fairway", "oracles");
}

/** A short name for what something was made from; equal inputs give equal names. */
export function contentKey(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, 16);
}
