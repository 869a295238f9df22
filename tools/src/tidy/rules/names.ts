import { bannedFileNames } from "../data/house.ts";
import type { Violation } from "../repository.ts";

/** A source file is called after its one concept, in kebab-case. */
export function checkFileName(path: string): readonly Violation[] {
  if (!/\.tsx?$/.test(path) || path.includes("/testdata/")) return [];
  const name = (path.split("/").at(-1) ?? "").replace(/(\.test|\.contract|\.d)?\.tsx?$/, "");
  if (bannedFileNames.includes(name)) {
    return [
      {
        path,
        message: `"${name}" names no concept, and whatever has no place ends up in it: put each thing with the concept that owns it`,
      },
    ];
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    return [{ path, message: `"${name}" is not kebab-case: one spelling of names makes files easy to guess` }];
  }
  return [];
}
