import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KustomizeFiles } from "../src/index.ts";

/** One case of testdata: files, what to build, and what kubectl kustomize answered. */
export interface Case {
  readonly name: string;
  readonly path: string;
  /** The text up to what was recorded. */
  readonly source: string;
  readonly directory: string;
  readonly files: ReadonlyMap<string, string>;
  readonly output: string | undefined;
  readonly error: string | undefined;
  /** What this builder says instead, where it does not word an error as kubectl does. */
  readonly ownError: string | undefined;
}

/** Where the files of a case stand when it is built; recorded messages name it. */
export const caseRoot = "/case";
const testdata = fileURLToPath(new URL("../testdata", import.meta.url));
const sectionPattern = /^-- (.+) --\n/gm;

export function readCases(): Case[] {
  return readdirSync(testdata, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".txt"))
    .sort()
    .map((path) => parseCase(path.slice(0, -".txt".length), join(testdata, path)));
}

function parseCase(name: string, path: string): Case {
  const text = readFileSync(path, "utf8");
  const sections = [...text.matchAll(sectionPattern)];
  const contents = new Map<string, string>();
  let source = text;
  for (const [index, match] of sections.entries()) {
    const section = match[1] ?? "";
    if (section === "output" || section === "error") source = text.slice(0, Math.min(source.length, match.index));
    contents.set(section, text.slice(match.index + match[0].length, sections[index + 1]?.index ?? text.length));
  }
  const take = (section: string): string | undefined => {
    const content = contents.get(section);
    contents.delete(section);
    return content;
  };
  const output = take("output");
  const error = take("error");
  const ownError = take("own error");
  const directory = /^build: (.+)$/m.exec(text.slice(0, sections[0]?.index))?.[1] ?? "";
  return { name, path, source, directory, files: contents, output, error, ownError };
}

/** The files of a case, in memory. */
export function memoryFiles(files: ReadonlyMap<string, string>): KustomizeFiles {
  const contents = new Map<string, Uint8Array>();
  const directories = new Map<string, Set<string>>([[caseRoot, new Set()]]);
  for (const [path, text] of files) {
    const full = join(caseRoot, path);
    contents.set(full, Buffer.from(text));
    for (let child = full; child !== caseRoot && child !== "/"; child = dirname(child)) {
      const parent = dirname(child);
      const names = directories.get(parent) ?? new Set();
      directories.set(parent, names.add(child.slice(parent.length + 1)));
    }
  }
  return {
    read: (path) => contents.get(path),
    list: (path) => {
      const names = directories.get(path);
      return names === undefined ? undefined : [...names];
    },
  };
}
