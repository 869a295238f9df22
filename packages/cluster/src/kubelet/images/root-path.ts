import { lstatSync, readlinkSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Linux follows as many links before it gives up. */
const linksMax = 40;

/**
 * Where a path leads when `root` is taken for `/`: links are followed, none leaves the root. The last parts may be missing.
 * Undefined when there are too many links or the path goes through a file.
 */
export function resolveInRoot(root: string, path: string): string | undefined {
  const pending = relative(root, path).split(sep);
  let current: string[] = [];
  let links = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      current.pop();
      continue;
    }
    const candidate = join(root, ...current, part);
    const found = lstatSync(candidate, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() === true) {
      links += 1;
      if (links > linksMax) return undefined;
      const target = readlinkSync(candidate);
      if (target.startsWith("/")) current = [];
      pending.unshift(...target.split("/"));
      continue;
    }
    if (found !== undefined && !found.isDirectory() && pending.some((each) => each !== "" && each !== "."))
      return undefined;
    current.push(part);
  }
  return join(root, ...current);
}
