import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Answer } from "./answer.ts";
import type { Told } from "./run-corpus.ts";

const folder = join(import.meta.dirname, "recorded");

/** Answers of one file of scenarios, by title. */
type Recording = Readonly<Record<string, readonly Answer[]>>;

/** Keeps answers as data: a line an answer, so that a changed one is a changed line. */
export function writeRecordings(told: readonly Told[]): void {
  const byFile = Map.groupBy(told, ({ scenario }) => scenario.file);
  for (const [file, members] of byFile) {
    const path = join(folder, `${file}.json`);
    mkdirSync(dirname(path), { recursive: true });
    const titles = members.map(({ scenario, answers }) => {
      const lines = answers.map((answer) => `    ${JSON.stringify(answer)}`);
      return `  ${JSON.stringify(scenario.title)}: [\n${lines.join(",\n")}\n  ]`;
    });
    writeFileSync(path, `{\n${titles.join(",\n")}\n}\n`);
  }
}

export function readRecording(file: string): Recording {
  const path = join(folder, `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Recording) : {};
}
