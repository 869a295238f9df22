import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { diskFile, type ImageEntry } from "../archive/image-entry.ts";
import { BuildError } from "../build-error.ts";
import { fileMark } from "../layers/file-mark.ts";
import { serviceFilesMax } from "../limits.ts";
import { workingFolder } from "../oci/image-config.ts";

/** What tools put into a folder, and what is nobody's source. */
const madeFolders = new Set(["node_modules", "dist", "target", "out", "coverage", "__pycache__", "venv", "testdata"]);

export interface FoundFile {
  /** From the service's folder, with forward slashes. */
  readonly path: string;
  readonly source: string;
}

/** The files of a service's folder that somebody wrote, sorted. */
export function listSources(folder: string): readonly FoundFile[] {
  const files: FoundFile[] = [];
  const pending = [""];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of readdirSync(join(folder, next), { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const path = next === "" ? entry.name : `${next}/${entry.name}`;
      if (entry.isDirectory() && !madeFolders.has(entry.name)) pending.push(path);
      if (entry.isFile()) files.push({ path, source: join(folder, path) });
    }
    if (files.length > serviceFilesMax) {
      throw new BuildError(
        "invalid_file",
        `${folder} has more than ${serviceFilesMax} files: is it a service's folder?`,
      );
    }
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Folders and files that describe, build and test a service, and are of no use to it when it runs. */
const notForRunning: readonly RegExp[] = [
  /^(?:tests?|__tests__|docs|pacts|scripts|tools)\//u,
  /^(?:service\.yaml|Dockerfile[^/]*|[^/]*\.md|LICENSE[^/]*|Makefile|justfile)$/u,
];

/** Data that a service brings along: migrations, pages, whatever its folder holds beside what its language calls sources. */
export function dataFiles(folder: string, sources: readonly RegExp[]): readonly FoundFile[] {
  return listSources(folder).filter(({ path }) => ![...notForRunning, ...sources].some((each) => each.test(path)));
}

export function markOf({ path, source }: FoundFile): readonly string[] {
  return [path, fileMark(source)];
}

/** The modes of the working tree depend on somebody's umask: an image knows programs and other files. */
export function fileEntry({ path, source }: FoundFile, below: string = workingFolder): ImageEntry {
  const { size, mode } = statSync(source);
  return diskFile(`${below}/${path}`, source, { bytes: size, mode: (mode & 0o100) === 0 ? 0o644 : 0o755 });
}
