import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskFile, type ImageEntry } from "../archive/image-entry.ts";
import { BuildError } from "../build-error.ts";
import type { LayerSource } from "../layers/layer-cache.ts";
import { digestOf } from "../oci/descriptor.ts";
import { workingFolder } from "../oci/image-config.ts";
import { dataFiles, fileEntry, markOf } from "../services/service-files.ts";

/** A program that a compiler made, kept under its digest until the layer is written. */
export interface CompiledProgram {
  readonly path: string;
  readonly digest: string;
}

/** Lets a compiler write into a folder of its own and takes the program over. */
export async function compileInto(
  cache: string,
  compile: (folder: string) => Promise<string>,
): Promise<CompiledProgram> {
  const programs = join(cache, "programs");
  const draft = join(programs, `${randomUUID()}.part`);
  await mkdir(draft, { recursive: true });
  try {
    const made = await compile(draft);
    if (!existsSync(made)) throw new BuildError("compile_failed", `the compiler ended well and made no ${made}`);
    const digest = digestOf(await readFile(made));
    const path = join(programs, digest.slice("sha256:".length));
    await chmod(made, 0o755);
    await rename(made, path);
    return { path, digest };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Where the program is in an image. */
export const programPath: string = `${workingFolder}/service`;

/** The program, with what the service's folder holds beside sources. */
export function programLayer(program: CompiledProgram, folder: string, sources: readonly RegExp[]): LayerSource {
  const data = dataFiles(folder, sources);
  return {
    key: ["program", program.digest, ...data.flatMap(markOf)],
    isShared: false,
    entries: (): readonly ImageEntry[] => [
      diskFile(programPath, program.path, { bytes: statSync(program.path).size, mode: 0o755 }),
      ...data.map((file) => fileEntry(file)),
    ],
  };
}
