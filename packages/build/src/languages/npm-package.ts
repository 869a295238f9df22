import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { BuildError, messageOf } from "../build-error.ts";
import { touch } from "../layers/cache-age.ts";
import { runTool } from "../run-tool.ts";

export interface PackageRequest {
  readonly name: string;
  readonly version: string;
  readonly cache: string;
  readonly signal: AbortSignal;
}

export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
}

/** A package that npm installed beside this program. */
export function installedPackage(name: string): InstalledPackage | undefined {
  for (const base of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const manifest = join(base, name, "package.json");
    if (!existsSync(manifest)) continue;
    const { version }: { readonly version?: unknown } = JSON.parse(readFileSync(manifest, "utf8"));
    if (typeof version === "string") return { folder: realpathSync(join(base, name)), version };
  }
  return undefined;
}

/** A package of another platform, by the machine's npm and its settings; held against the digest that the registry states. */
export async function fetchPackage({ name, version, cache, signal }: PackageRequest): Promise<string> {
  const folder = join(cache, "npm", `${name.replace("/", "+")}-${version}`);
  if (existsSync(folder)) {
    await touch(folder);
    return folder;
  }
  const draft = `${folder}.${randomUUID()}.part`;
  await mkdir(draft, { recursive: true });
  try {
    const spec = `${name}@${version}`;
    const integrity = (await npm(["view", spec, "dist.integrity"], draft, signal)).trim();
    const packed: unknown = JSON.parse(await npm(["pack", spec, "--json", "--pack-destination", draft], draft, signal));
    const file = join(draft, fileNameOf(packed, spec));
    await verify(file, integrity);
    await runTool("tar", ["-xzf", file, "--strip-components=1", "-C", draft], { signal });
    await rm(file);
    await rename(draft, folder);
    return folder;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (existsSync(folder)) return folder;
    throw error;
  }
}

async function npm(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string> {
  try {
    return await runTool("npm", args, { cwd, signal });
  } catch (error) {
    if (error instanceof BuildError && error.code === "missing_tool") throw error;
    throw new BuildError("missing_runtime", `npm ${args.slice(0, 2).join(" ")} failed: ${messageOf(error)}`, error);
  }
}

function fileNameOf(packed: unknown, spec: string): string {
  const first: unknown = Array.isArray(packed) ? packed[0] : undefined;
  const name = typeof first === "object" && first !== null && "filename" in first ? first.filename : undefined;
  if (typeof name === "string" && /^[\w.@-]+\.tgz$/u.test(name)) return name;
  throw new BuildError("missing_runtime", `npm pack ${spec} did not say which file it wrote`);
}

async function verify(file: string, integrity: string): Promise<void> {
  const [, algorithm = "", expected = ""] = /^(sha512|sha384|sha256)-([A-Za-z0-9+/=]+)$/u.exec(integrity) ?? [];
  if (expected === "")
    throw new BuildError("missing_runtime", `the registry states no digest for ${file}: ${integrity}`);
  const found = createHash(algorithm)
    .update(await readFile(file))
    .digest("base64");
  if (found !== expected) {
    throw new BuildError(
      "missing_runtime",
      `${file} has the ${algorithm} ${found}, not ${expected} as the registry states`,
    );
  }
}
