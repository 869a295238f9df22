import { BuildError } from "../build-error.ts";
import { readElf } from "../elf/elf-file.ts";
import type { BaseImage } from "./base-image.ts";

/** Programs that are put on a base find their libraries there, or nobody would notice before they are started. */
export function checkBase(base: BaseImage, programs: readonly string[]): void {
  const known = new Set([...base.libraries, ...programs.map((path) => path.slice(path.lastIndexOf("/") + 1))]);
  for (const program of programs) {
    const missing = (readElf(program)?.needed ?? []).filter((name) => !known.has(name));
    if (missing.length === 0) continue;
    throw new BuildError(
      "missing_library",
      `the base ${base.name} has no ${missing.join(", ")}, which ${program} needs: choose one that has it, or one with the runtime itself`,
    );
  }
}
