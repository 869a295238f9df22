import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** The folder of a service, and those of the packages beside it in the repository that it is built on. */
export function sourceFolders(service: string): readonly string[] {
  const found = new Set<string>();
  const pending = [realpathSync(service)];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (found.has(folder)) continue;
    found.add(folder);
    for (const name of dependenciesOf(folder)) {
      const installed = installedAt(folder, name);
      if (installed !== undefined && !installed.split(sep).includes("node_modules")) pending.push(installed);
    }
  }
  return [...found];
}

function dependenciesOf(folder: string): readonly string[] {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return [];
  const { dependencies = {} }: { readonly dependencies?: object } = JSON.parse(readFileSync(path, "utf8"));
  return Object.keys(dependencies);
}

/** A link of a workspace leads to the folder of the package. */
function installedAt(start: string, name: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) return realpathSync(path);
    if (folder === dirname(folder)) return undefined;
  }
}

/** What tools write, and what is no part of a service that runs. */
const otherFolders: ReadonlySet<string> = new Set([
  "node_modules",
  "dist",
  "target",
  "coverage",
  "tests",
  "test",
  "testdata",
  "pacts",
  "docs",
  "__pycache__",
]);

/** Whether a change of this file can change what runs; the path is from a source folder. */
export function isSource(path: string): boolean {
  const parts = path.split(sep);
  const name = parts.at(-1) ?? "";
  if (parts.some((part) => part.startsWith(".") || otherFolders.has(part))) return false;
  return !/\.(test|spec)\.[cm]?[jt]sx?$|~$|^#|\.(md|swp|swx|tmp|bak)$|^4913$/u.test(name);
}
