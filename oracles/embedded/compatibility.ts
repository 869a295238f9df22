// COMPATIBILITY.md: what the embedded cluster is held against, and what it answers otherwise.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nameOf } from "./difference-list.ts";
import type { KnownDifference } from "./known-differences.ts";
import type { Scenario } from "../diff/scenario.ts";

export const compatibilityFile = join(import.meta.dirname, "..", "..", "COMPATIBILITY.md");

export function readCompatibility(): string {
  return readFileSync(compatibilityFile, "utf8");
}

export function formatCompatibility(known: readonly KnownDifference[], corpus: readonly Scenario[]): string {
  const listed = new Set(known.flatMap(({ scenarios }) => scenarios));
  const same = corpus.filter((scenario) => !listed.has(nameOf(scenario))).length;
  const groups = known.filter(({ scenarios }) => scenarios.length > 0);
  return [
    "# What the embedded cluster does as Kubernetes does, and what it doesn't",
    "",
    "The embedded cluster is told the same scenarios as a real Kubernetes 1.35: requests, command lines of kubectl and helm,",
    "and objects that are wrong in one place. The real one's answers are kept as data; status codes, headers, bodies,",
    "output and exit codes are compared after what varies by itself is replaced. This page is written from such a run by",
    "`npm run oracle -- compatibility`, and a test runs it again: what differs and isn't named here makes it fail, and so",
    "does what is named and is equal.",
    "",
    `**${same} of ${corpus.length} scenarios give the same answers (${percent(same / corpus.length)}, rounded down).**`,
    "",
    ...table(corpus, listed),
    "",
    "## What differs",
    "",
    ...(groups.length === 0 ? ["Nothing."] : groups.flatMap(section)).slice(0, groups.length === 0 ? 1 : -1),
    "",
  ].join("\n");
}

function table(corpus: readonly Scenario[], listed: ReadonlySet<string>): readonly string[] {
  const rows = [...Map.groupBy(corpus, ({ file }) => file)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([file, members]) => {
      const different = members.filter((scenario) => listed.has(nameOf(scenario))).length;
      const share = percent((members.length - different) / members.length);
      return `| ${file} | ${members.length - different} | ${different} | ${share} |`;
    });
  return ["| scenarios | same | different | share |", "|---|---:|---:|---:|", ...rows];
}

function section({ reason, scenarios }: KnownDifference): readonly string[] {
  return [`### ${reason}`, "", ...scenarios.map((name) => `- ${escaped(name)}`), ""];
}

/** Titles are texts, and a star or an underscore in them is no mark-up. */
function escaped(text: string): string {
  return text.replaceAll(/[*_<>[\]`|\\]/gu, String.raw`\$&`);
}

/** Never more than it is. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
