import { lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { diskFile, type ImageEntry } from "../archive/image-entry.ts";

/** Everything below a folder as it will be below another one in an image; links stay links. */
export function folderEntries(
  folder: string,
  below: string,
  isWanted: (path: string) => boolean = () => true,
): readonly ImageEntry[] {
  const entries: ImageEntry[] = [];
  const pending = [""];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of readdirSync(join(folder, next))) {
      const path = next === "" ? name : `${next}/${name}`;
      if (!isWanted(path)) continue;
      const source = join(folder, path);
      const stat = lstatSync(source);
      if (stat.isDirectory()) pending.push(path);
      else if (stat.isSymbolicLink()) entries.push(linkOrFile(source, `${below}/${path}`));
      else if (stat.isFile()) entries.push(fileOf(source, `${below}/${path}`));
    }
  }
  return entries;
}

/** A link that leads out of its folder would lead nowhere in the image. */
function linkOrFile(source: string, path: string): ImageEntry {
  const target = readlinkSync(source);
  if (!target.startsWith("/") && !target.split("/").includes("..")) return { kind: "link", path, target };
  return fileOf(source, path);
}

function fileOf(source: string, path: string): ImageEntry {
  const { mode, size } = statSync(source);
  return diskFile(path, source, { bytes: size, mode: (mode & 0o100) === 0 ? 0o644 : 0o755 });
}
