import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OracleError } from "../machine/oracle-error.ts";
import { run, runOrFail } from "../machine/run.ts";

/** Packages that only matter when a system is set up or administered: nothing in an image calls them. */
const leftOut = new Set([
  "adduser",
  "cdebconf",
  "debconf",
  "debconf-2.0",
  "dpkg",
  "init-system-helpers",
  "install-info",
  "lsb-base",
  "openssl",
  "passwd",
  "sysvinit-utils",
  "ucf",
  "usr-is-merged",
  "usrmerge",
]);

/** What each package needs, in the words of `apt-cache depends`: of alternatives the first. */
export function parseDepends(text: string): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  let current: string[] = [];
  let alternative = false;
  for (const line of text.split("\n")) {
    if (/^\S/u.test(line)) {
      current = [];
      alternative = false;
      needs.set(line.trim(), current);
      continue;
    }
    const match = /^ {1,2}(\|?)(?:Pre)?Depends: (\S+)$/u.exec(line);
    if (match === null) continue;
    const [, bar = "", name = ""] = match;
    if (!alternative) current.push(name);
    alternative = bar === "|";
  }
  return needs;
}

/** Everything that the given packages need to run, in the order of their names. */
export function closure(wanted: readonly string[], needs: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>();
  const queue = [...wanted];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name) || leftOut.has(name) || name.startsWith("<")) continue;
    found.add(name);
    queue.push(...(needs.get(name) ?? []));
  }
  return [...found].sort();
}

const onlyNeeds = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"].map(
  (each) => `--no-${each}`,
);

export async function resolvePackages(wanted: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(["apt-cache", "depends", "--recurse", ...onlyNeeds, ...wanted]);
  if (code === 0) return closure(wanted, parseDepends(stdout));
  throw new OracleError(
    "build-failed",
    `apt-cache does not know all packages; run apt-get update first: ${stderr.trim()}`,
  );
}

/** Downloads what the folder lacks and gives the files. */
export async function downloadPackages(names: readonly string[], folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const present = new Set(readdirSync(folder).map((file) => file.split("_")[0]));
  const missing = names.filter((name) => !present.has(name));
  if (missing.length > 0) {
    await runOrFail(["apt-get", "download", "--quiet", "-o", "APT::Sandbox::User=root", ...missing], { cwd: folder });
  }
  const files = readdirSync(folder);
  return names.map((name) => {
    const file = files.find((each) => each.startsWith(`${name}_`) && each.endsWith(".deb"));
    if (file !== undefined) return join(folder, file);
    throw new OracleError("build-failed", `apt-get download brought no file for ${name}: run apt-get update`);
  });
}
