import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Answer } from "./answer.ts";
import type { ToldToTheEnd } from "./run-corpus.ts";
import type { Scenario } from "./scenario.ts";

const folder = join(import.meta.dirname, "recorded");

/** Answers of one file of scenarios, by title. */
type Recording = Readonly<Record<string, readonly Answer[]>>;

/**
 * Keeps answers as data: a line an answer, so that a changed one is a changed line. What was not told this time stays
 * as it was recorded; what the corpus has no more is left out.
 */
export function writeRecordings(told: readonly ToldToTheEnd[], corpus: readonly Scenario[]): void {
  const titles = Map.groupBy(corpus, ({ file }) => file);
  for (const [file, members] of Map.groupBy(told, ({ scenario }) => scenario.file)) {
    const known = readRecording(file);
    const fresh = new Map(members.map(({ scenario, answers }) => [scenario.title, answers]));
    const entries = (titles.get(file) ?? []).flatMap(({ title }) => {
      const answers = fresh.get(title) ?? known[title];
      if (answers === undefined) return [];
      const lines = answers.map((answer) => `    ${JSON.stringify(answer)}`);
      return [`  ${JSON.stringify(title)}: [\n${lines.join(",\n")}\n  ]`];
    });
    const path = join(folder, `${file}.json`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `{\n${entries.join(",\n")}\n}\n`);
  }
}

export function readRecording(file: string): Recording {
  const path = join(folder, `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Recording) : {};
}
