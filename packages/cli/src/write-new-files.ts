import type { ScaffoldFile } from "@fairway/spec";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "./cli-error.ts";

/** Writes files that must not be there yet. Nothing is written when one of them is. */
export async function writeNewFiles(folder: string, files: readonly ScaffoldFile[]): Promise<void> {
  for (const { path } of files) {
    const known = await stat(join(folder, path)).catch(() => undefined);
    if (known) {
      throw new CliError("already-exists", `${join(folder, path)} exists already`, {
        hint: "choose another name, or remove it first",
      });
    }
  }
  for (const { path, text } of files) {
    try {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      // wx: somebody else may have made it in the meantime.
      await writeFile(join(folder, path), text, { flag: "wx" });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const hint = code === "ENOSPC" ? "free some space" : "check the folder and its permissions";
      throw new CliError("unreadable", `${join(folder, path)} can't be written (${code})`, { hint, cause: error });
    }
  }
}
