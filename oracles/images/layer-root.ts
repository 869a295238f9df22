import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { binaryPath } from "../kubernetes/binaries.ts";
import { cacheFolder } from "../machine/cache.ts";
import { systemCodeOf } from "../machine/oracle-error.ts";
import { runOrFail } from "../machine/run.ts";
import { downloadPackages, resolvePackages } from "./debian-packages.ts";
import type { LayerRecipe } from "./image.ts";

/** Debian 12 keeps programs and libraries under /usr and links to them from the root. */
const mergedFolders = ["bin", "sbin", "lib", "lib32", "lib64"];

/** Documents, translations and package scripts are the larger half of a package, and no spec reads them. */
const notNeeded = [
  "usr/share/doc",
  "usr/share/man",
  "usr/share/locale",
  "usr/share/info",
  "usr/share/lintian",
  "usr/share/bug",
];

const modulesFolder = join(import.meta.dirname, "..", "kubernetes", "modules");

export async function fillRoot(root: string, recipe: LayerRecipe): Promise<void> {
  if (recipe.packages !== undefined) await unpackPackages(root, recipe.packages);
  for (const [path, target] of Object.entries(recipe.links ?? {})) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }
  if (recipe.busyboxLinks === true) await linkBusybox(root);
  for (const folder of recipe.folders ?? []) makeFolder(join(root, folder));
  for (const [path, name] of Object.entries(recipe.binaries ?? {})) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(binaryPath(name), join(root, path));
    chmodSync(join(root, path), recipe.setuid?.includes(path) === true ? 0o6755 : 0o755);
  }
  for (const [path, text] of Object.entries(recipe.files ?? {})) writeText(root, path, { text, mode: 0o644 });
  for (const [path, text] of Object.entries(recipe.scripts ?? {})) writeText(root, path, { text, mode: 0o755 });
  await copyModuleFiles(root, recipe.moduleFiles ?? {});
}

function writeText(root: string, path: string, file: { text: string; mode: number }): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  rmSync(join(root, path), { force: true });
  writeFileSync(join(root, path), file.text, { mode: file.mode });
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  const forAll = path.endsWith("/tmp") || path.endsWith("/uploads");
  chmodSync(path, forAll ? 0o1777 : 0o755);
}

async function unpackPackages(root: string, wanted: readonly string[]): Promise<void> {
  for (const folder of mergedFolders) {
    mkdirSync(join(root, "usr", folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  const names = await resolvePackages(wanted);
  for (const file of await downloadPackages(names, join(cacheFolder(), "packages"))) {
    const parts = join(root, "..", "package.tar");
    await runOrFail(["bash", "-c", 'dpkg-deb --fsys-tarfile "$1" > "$2"', "bash", file, parts]);
    await runOrFail(["tar", "--keep-directory-symlink", "-C", root, "-xpf", parts]);
    rmSync(parts);
  }
  for (const folder of notNeeded) rmSync(join(root, folder), { recursive: true, force: true });
}

/** A link for each of busybox's names that no other package has brought. */
async function linkBusybox(root: string): Promise<void> {
  const busybox = join(root, "bin", "busybox");
  const names = (await runOrFail([busybox, "--list"])).trim().split("\n");
  for (const name of names) {
    if (["bin", "sbin", "usr/bin", "usr/sbin"].some((folder) => isThere(join(root, folder, name)))) continue;
    symlinkSync("busybox", join(root, "bin", name));
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function copyModuleFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(files).length === 0) return;
  const cwd = join(modulesFolder, "kubernetes");
  const module = (await runOrFail(["go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/kubernetes"], { cwd })).trim();
  for (const [path, source] of Object.entries(files)) {
    if (!existsSync(join(module, source))) throw new TypeError(`the module k8s.io/kubernetes has no ${source}`);
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(join(module, source), join(root, path));
    chmodSync(join(root, path), 0o644);
  }
}
