import { homedir } from "node:os";
import { join } from "node:path";

/** Where what was fetched or rendered is kept for the next time; it may be deleted whenever nobody uses it. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const base = env["FAIRWAY_CACHE"] ?? (env["XDG_CACHE_HOME"] ? join(env["XDG_CACHE_HOME"], "fairway") : undefined);
  return base ?? join(homedir(), ".cache", "fairway");
}
