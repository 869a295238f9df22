import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { BuildError } from "../build-error.ts";
import { librariesMax, linksMax } from "../limits.ts";
import { readElf, type Architecture, type ElfFile } from "./elf-file.ts";

/** A library, where it is here and where it will be in the image. */
export interface Library {
  readonly source: string;
  /** As the loader looks for it, from the root. */
  readonly path: string;
}

export interface LibrarySource {
  readonly architecture: Architecture;
  /** The root that libraries are looked for in: the machine's own, or a folder with those of another machine. */
  readonly root: string;
  /** Names of libraries that are brought along otherwise. */
  readonly provided?: ReadonlySet<string>;
}

/** Where glibc's loaders look without a cache: Debian's places, then everybody else's. */
const foldersOf: Readonly<Record<Architecture, readonly string[]>> = {
  amd64: ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64", "usr/lib64", "lib", "usr/lib"],
  arm64: ["lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu", "lib64", "usr/lib64", "lib", "usr/lib"],
};

const loaderPaths: Readonly<Record<Architecture, string>> = {
  amd64: "lib64/ld-linux-x86-64.so.2",
  arm64: "lib/ld-linux-aarch64.so.1",
};

/** All libraries of a platform come from one place: the given folder when it has any of that platform, else this machine. */
export function librarySource(architecture: Architecture, given: string | undefined): LibrarySource {
  const has = given !== undefined && resolveBelow(given, loaderPaths[architecture]) !== undefined;
  return { architecture, root: has ? given : "/" };
}

/** Every library that the programs need, and those that these need, with the loader; sorted by path. */
export function libraryClosure(programs: readonly string[], source: LibrarySource): readonly Library[] {
  const found = new Map<string, Library>();
  const loaders = new Map<string, Library>();
  // A program loads libraries of its own by their place before others ask for them by name.
  const given = new Set(programs.map((path) => basename(path)));
  const pending = programs.map((path) => ({ path, origin: dirname(path) }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const elf = readElf(next.path);
    if (elf === undefined) continue;
    if (elf.interpreter !== undefined) loaders.set(elf.interpreter, loaderOf(elf.interpreter, source, next.path));
    for (const name of elf.needed) {
      if (found.has(name) || given.has(name) || source.provided?.has(name) || comesAlong(name, elf, next.origin))
        continue;
      const library = findOwn(name, elf, source) ?? findLibrary(name, source, next.path);
      found.set(name, library);
      pending.push({ path: library.source, origin: dirname(library.source) });
      if (found.size > librariesMax) {
        throw new BuildError("invalid_file", `${next.path} needs more than ${librariesMax} libraries`);
      }
    }
  }
  for (const library of nameServices(found.get("libc.so.6"), source)) found.set(library.path, library);
  // The loader is a library that programs need by name too; it has to be where the kernel looks for it.
  for (const { path } of loaders.values()) found.delete(path.slice(path.lastIndexOf("/") + 1));
  return [...loaders.values(), ...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a file brings the library itself, in a folder that it names from where it is. */
function comesAlong(name: string, { searchPath }: ElfFile, origin: string): boolean {
  return searchPath.some((folder) => {
    const place = folder.replace(/^\$(?:ORIGIN|\{ORIGIN\})/u, origin);
    return place !== folder && existsSync(join(place, name));
  });
}

/** A library in a folder of this machine that the file names; in the image it is where all are looked for. */
function findOwn(name: string, { searchPath }: ElfFile, { architecture, root }: LibrarySource): Library | undefined {
  for (const folder of searchPath) {
    if (!folder.startsWith("/")) continue;
    const source = resolveBelow(root, join(folder, name));
    if (source === undefined || readElf(source)?.architecture !== architecture) continue;
    return { source, path: `${foldersOf[architecture][0] ?? "lib"}/${name}` };
  }
  return undefined;
}

/** Before 2.34 glibc loaded what resolves names only when it was asked for one, so that no program says it needs it. */
function nameServices(libc: Library | undefined, source: LibrarySource): readonly Library[] {
  if (libc === undefined || readFileSync(libc.source).includes("GLIBC_2.34\0")) return [];
  return ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"].map((name) =>
    findLibrary(name, source, libc.source),
  );
}

function loaderOf(interpreter: string, { architecture, root }: LibrarySource, program: string): Library {
  const source = resolveBelow(root, interpreter);
  if (source === undefined || readElf(source)?.architecture !== architecture) {
    throw missing(interpreter, { architecture, root }, program);
  }
  return { source, path: interpreter.slice(1) };
}

function findLibrary(name: string, source: LibrarySource, neededBy: string): Library {
  for (const folder of foldersOf[source.architecture]) {
    const file = resolveBelow(source.root, join(folder, name));
    if (file === undefined || readElf(file)?.architecture !== source.architecture) continue;
    return { source: file, path: `${folder}/${name}` };
  }
  throw missing(name, source, neededBy);
}

/** Follows links below the root: an absolute one of a sysroot means its own root, not the machine's. */
function resolveBelow(root: string, path: string): string | undefined {
  let parts = path.split("/");
  let at = "/";
  let links = 0;
  while (parts.length > 0) {
    const [part = "", ...rest] = parts;
    const next = posix.join(at, part);
    const found = lstatSync(join(root, next), { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (found.isSymbolicLink()) {
      links += 1;
      if (links > linksMax) return undefined;
      const target = readlinkSync(join(root, next));
      if (target.startsWith("/")) at = "/";
      parts = [...target.split("/"), ...rest];
    } else {
      at = next;
      parts = rest;
    }
  }
  return join(root, at);
}

function missing(name: string, { architecture, root }: LibrarySource, program: string): BuildError {
  const where = root === "/" ? "this machine" : root;
  return new BuildError(
    "missing_library",
    `${where} has no ${name} for linux/${architecture}, which ${program} needs: ${adviceFor(architecture)}`,
  );
}

/** What to do where the libraries of a platform are missing. */
export function adviceFor(architecture: Architecture): string {
  const packages = ["libc6", "libstdc++6", "libatomic1"].map((name) => `${name}:${architecture}`).join(" ");
  return `give a base image with --base REF (gcr.io/distroless/cc-debian12, for instance), or a folder with them by --libraries DIR; with Debian's tools: apt-get download ${packages} libgcc-s1:${architecture}, and dpkg-deb -x of each into DIR`;
}
