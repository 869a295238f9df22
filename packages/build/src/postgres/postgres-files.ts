import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { diskFile, textFile, type ImageEntry } from "../archive/image-entry.ts";
import { BuildError } from "../build-error.ts";
import { readElf } from "../elf/elf-file.ts";
import { folderEntries } from "../languages/folder-layer.ts";
import { isRecord } from "../oci/manifest.ts";
import { accessRules, entryProgram, shellProgram } from "./programs.ts";

const home = "usr/lib/postgres";
export const entryPath: string = `${home}/entry.mjs`;

/** Extensions that would need the interpreter of another language. */
const foreignLanguages = /pl(?:perl|python|tcl)/u;

export interface PostgresFiles {
  readonly entries: readonly ImageEntry[];
  /** Programs and libraries on this machine, whose other libraries the base has to bring. */
  readonly programs: readonly string[];
  /** Names of the libraries that it brings itself. */
  readonly provided: ReadonlySet<string>;
}

/** What a PostgreSQL takes of its npm package: its programs, the libraries that these name, extensions, and shared files. */
export function postgresFiles(folder: string): PostgresFiles {
  const native = join(folder, "native");
  const links = linksOf(native);
  const modules = readdirSync(join(native, "lib", "postgresql"))
    .filter((name) => name.endsWith(".so") && !foreignLanguages.test(name))
    .map((name) => join(native, "lib", "postgresql", name));
  const programs = ["initdb", "postgres"].map((name) => join(native, "bin", name));
  const libraries = new Map<string, string>();
  const pending = [...programs, ...modules];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of readElf(next)?.needed ?? []) {
      const source = libraries.has(name) ? undefined : ownLibrary(native, name, links);
      if (source === undefined) continue;
      libraries.set(name, source);
      pending.push(source);
    }
  }
  return {
    entries: [
      ...programs.map((path) => executable(`${home}/bin/${basename(path)}`, path)),
      ...modules.map((path) => executable(`${home}/lib/postgresql/${basename(path)}`, path)),
      ...[...libraries].map(([name, path]) => executable(`${home}/lib/${name}`, path)),
      ...folderEntries(
        join(native, "share"),
        `${home}/share`,
        (path) => !/(?:^|\/)(?:man|doc|locale)(?:\/|$)/u.test(path) && !foreignLanguages.test(path),
      ),
      textFile(entryPath, entryProgram),
      { ...textFile("bin/sh", shellProgram), mode: 0o755 },
      textFile("etc/postgresql/pg_hba.conf", accessRules),
      { kind: "folder", path: "var/lib/postgresql", mode: 0o700, owner: 65532 },
      { kind: "folder", path: "app" },
    ],
    programs: [...programs, ...modules, ...libraries.values()],
    provided: new Set(libraries.keys()),
  };
}

function executable(path: string, source: string): ImageEntry {
  return diskFile(path, source, { bytes: statSync(source).size, mode: 0o755 });
}

/** Packages of npm can't hold symbolic links: a list says which name means which file. */
function linksOf(native: string): ReadonlyMap<string, string> {
  const path = join(native, "pg-symlinks.json");
  const list: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
  if (!Array.isArray(list)) throw new BuildError("invalid_file", `${path} is no list`);
  return new Map(
    list.filter(isRecord).map(({ source, target }) => [basename(String(target)), basename(String(source))]),
  );
}

function ownLibrary(native: string, name: string, links: ReadonlyMap<string, string>): string | undefined {
  for (const file of [name, links.get(name)]) {
    if (file === undefined) continue;
    const path = join(native, "lib", file);
    if (existsSync(path)) return realpathSync(path);
  }
  return undefined;
}
