// The scenarios of the folder, and of files that are given.
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { DiffError } from "../diff-error.ts";
import { scenarioFileBytesMax } from "../run/limits.ts";
import { parseScenarios } from "./parse-scenarios.ts";
import type { Scenario } from "./scenario.ts";

export const scenarioFolder = join(import.meta.dirname, "..", "scenarios");
const ending = ".txt";

export function readScenarios(folder = scenarioFolder): Scenario[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort();
  return files.flatMap((file) => readScenarioFile(join(folder, file)));
}

export function readScenarioFile(path: string): Scenario[] {
  const text = readFileSync(path, "utf8");
  const file = basename(path);
  if (text.length > scenarioFileBytesMax) {
    throw new DiffError("syntax", `${file} has more than ${scenarioFileBytesMax} bytes: cut it by topic`);
  }
  return parseScenarios({ file, topic: file.slice(0, -ending.length), text });
}
