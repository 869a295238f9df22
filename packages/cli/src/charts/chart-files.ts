import type { ChartFiles } from "@fairway/helm";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A chart is text; whatever is larger than all real ones together is a folder named by mistake. */
const filesMax = 20_000;

/** The files of a chart's folder, links followed as Helm follows them. */
export async function readChartFolder(folder: string): Promise<ChartFiles> {
  const files = new Map<string, Uint8Array>();
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    for (const name of await readdir(join(folder, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      const found = await stat(join(folder, path));
      if (found.isDirectory() && name !== ".git" && name !== "node_modules") pending.push(path);
      else if (found.isFile()) files.set(path, await readFile(join(folder, path)));
      if (files.size > filesMax) throw new Error(`${folder} holds more than ${filesMax} files: is it a chart?`);
    }
  }
  return files;
}
