// The list of what is known to differ, as a file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCorpus } from "../diff/corpus.ts";
import type { Scenario } from "../diff/scenario.ts";
import { formatKnownDifferences, parseKnownDifferences, type KnownDifference } from "./known-differences.ts";

const file = join(import.meta.dirname, "data", "differences.txt");

export function nameOf({ file: place, title }: Pick<Scenario, "file" | "title">): string {
  return `${place}: ${title}`;
}

export function corpusNames(): ReadonlySet<string> {
  return new Set(readCorpus().map(nameOf));
}

export function readKnownDifferences(): readonly KnownDifference[] {
  return parseKnownDifferences(readFileSync(file, "utf8"), file);
}

export function writeKnownDifferences(known: readonly KnownDifference[]): void {
  writeFileSync(file, formatKnownDifferences(known));
}
