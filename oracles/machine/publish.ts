import { existsSync, renameSync } from "node:fs";
import { systemCodeOf } from "./oracle-error.ts";

/** Gives a finished folder its name in the cache. When another process was first, its folder stays: they are equal. */
export function publishFolder(finished: string, name: string): void {
  try {
    renameSync(finished, name);
  } catch (error) {
    const code = systemCodeOf(error);
    if ((code !== "ENOTEMPTY" && code !== "EEXIST") || !existsSync(name)) throw error;
  }
}
