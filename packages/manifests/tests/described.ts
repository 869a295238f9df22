// What tests render: descriptions of a folder, or changed ones.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkFiles, type Platform, type Service } from "@fairway/spec";

const packageFolder = join(import.meta.dirname, "..");

export const folders = {
  shop: join(packageFolder, "../../microservices"),
  everything: join(packageFolder, "testdata/everything"),
} as const;

export interface Described {
  readonly platform: Platform;
  readonly services: readonly Service[];
}

/** A text to look for in a file, and what stands in its place. */
export type Change = readonly [path: string, from: string, to: string];

export function described(folder: string, changes: readonly Change[] = []): Described {
  const paths = globSync("{platform.yaml,*/service.yaml}", { cwd: folder }).toSorted();
  const files = paths.map((path) => {
    let text = readFileSync(join(folder, path), "utf8");
    for (const [where, from, to] of changes) {
      if (where !== path) continue;
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      text = text.replace(from, to);
    }
    return { path, bytes: Buffer.from(text) };
  });
  const { platform, services, problems } = checkFiles(files);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (!platform || errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return { platform, services };
}
