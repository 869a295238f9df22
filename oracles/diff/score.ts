import { formatDifference } from "./difference.ts";
import { shownDifferencesMax } from "./limits.ts";
import type { Judgement, ScenarioResult } from "./judge.ts";

/** How many scenarios of a file gave the same answers. */
export interface Score {
  readonly file: string;
  readonly same: number;
  readonly different: number;
  readonly skipped: number;
  /** Of the scenarios that were told, from 0 to 1; 1 when none was. */
  readonly share: number;
}

/** A score for each file, in the order of the files, and one for all together. */
export function scoresOf({ results, skipped }: Judgement): { readonly files: readonly Score[]; readonly all: Score } {
  const names = [...new Set([...results, ...skipped].map(({ file }) => file))].toSorted();
  const scoreOf = (file: string, isMember: (each: { readonly file: string }) => boolean): Score => {
    const told = results.filter(isMember);
    const same = told.filter(isSame).length;
    const share = told.length === 0 ? 1 : same / told.length;
    return { file, same, different: told.length - same, skipped: skipped.filter(isMember).length, share };
  };
  const files = names.map((name) => scoreOf(name, ({ file }) => file === name));
  return { files, all: scoreOf("all", () => true) };
}

export function isSame({ differences }: ScenarioResult): boolean {
  return differences.length === 0;
}

export function formatScores(judgement: Judgement): string {
  const { files, all } = scoresOf(judgement);
  const width = Math.max(...[...files, all].map(({ file }) => file.length));
  const header = ["file".padEnd(width), " same", "different", "skipped", " share"].join("  ");
  const line = ({ file, same, different, skipped, share }: Score): string =>
    [
      file.padEnd(width),
      String(same).padStart(5),
      String(different).padStart(9),
      String(skipped).padStart(7),
      percent(share).padStart(6),
    ].join("  ");
  return `${[header, ...files.map(line), line(all)].join("\n")}\n`;
}

/** What differs, as a Markdown list with a chapter for each file. */
export function formatReport(judgement: Judgement): string {
  const { files, all } = scoresOf(judgement);
  const total = all.same + all.different;
  const lines = [`# ${all.same} of ${total} scenarios give the same answers (${percent(all.share)})`, ""];
  lines.push("| file | same | different | skipped | share |", "|---|---|---|---|---|");
  for (const { file, same, different, skipped, share } of files)
    lines.push(`| ${file} | ${same} | ${different} | ${skipped} | ${percent(share)} |`);
  const different = judgement.results.filter((result) => !isSame(result));
  for (const [file, members] of Map.groupBy(different, (result) => result.file)) {
    lines.push("", `## ${file}`, "");
    for (const result of members) lines.push(`- ${result.title}`, ...quoted(result));
  }
  if (judgement.skipped.length > 0) lines.push("", "## Skipped", "");
  lines.push(...judgement.skipped.map(({ file, title, reason }) => `- ${file}: ${title}: ${reason}`));
  return `${lines.join("\n")}\n`;
}

function quoted({ differences }: ScenarioResult): readonly string[] {
  const shown = differences.slice(0, shownDifferencesMax).map(formatDifference).join("\n").split("\n");
  const more = differences.length - shownDifferencesMax;
  return ["  ```text", ...shown.map((line) => line.slice(2)), ...(more > 0 ? [`  and ${more} more`] : []), "  ```"];
}

/** Rounded down, so that 100 % means all. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
