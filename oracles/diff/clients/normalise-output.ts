// What varies in what command lines print, besides what varies in every text: again a rule with a name for each thing.
import { normalisedText, type NormalisationRule, type Surroundings } from "../normalise.ts";

/** Before those of every text, which would take a part of these. In this order. */
export const outputRules: readonly NormalisationRule[] = [
  { name: "folder of the scenario", apply: (text) => text.replaceAll(/\/[\w/.-]*\/fairway-client-\w+/gu, "(folder)") },
  {
    name: "folder of a comparison",
    apply: (text) => text.replaceAll(/\/[\w/.-]*\/(LIVE|MERGED)-\d+/gu, "(temp)/$1"),
  },
  {
    name: "time of a file or a release",
    // Go leaves out zeros at the end of the fraction: the width of the column says nothing.
    apply: (text) =>
      text
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000( UTC)?[ \t]*/gu, "(time) ")
        .replaceAll(/ +$/gmu, ""),
  },
  {
    name: "time in a report",
    apply: (text) =>
      text.replaceAll(
        /[A-Z][a-z]{2}( [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|, \d\d [A-Z][a-z]{2}) \d{4}( \d\d:\d\d:\d\d \+0000)?/gu,
        "(time)",
      ),
  },
  {
    name: "time with nanoseconds",
    apply: (text) => text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/gu, "(time)"),
  },
  {
    name: "age",
    // With the gap after it, which is as wide as the age is short. What a scenario made is young: `500m` is half a core.
    apply: (text) => text.replaceAll(/(?<=\s)(?:\d{1,3}s|\d{1,2}m\d{1,2}s|\d+[hd])(?:$|[ \t]+(?=\S)|[ \t]+$)/gmu, age),
  },
  { name: "time in a label", apply: (text) => text.replaceAll(/\bmodifiedAt=\d{10}\b/gu, "modifiedAt=(time)") },
  { name: "width of times", apply: (text) => text.replaceAll(/\bUPDATED +/gu, "UPDATED ") },
  // What is held against Kubernetes has its own patch version.
  { name: "version of the server", apply: (text) => text.replaceAll(/\bv1\.35\.\d+[\w.+-]*/gu, "v1.35.(patch)") },
  {
    name: "time of a log line",
    apply: (text) => text.replaceAll(/^([IWE])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gmu, "$1(time) "),
  },
  {
    name: "an answer that a deadline cut",
    // Whether the time is over while it is read or just before is chance; that it is over is said besides.
    apply: (text) => text.replaceAll(/^E\(time\) request\.go:\d+\] "Unexpected error when reading .*(?:\n|$)/gmu, ""),
  },
  {
    name: "order of the resources of a release",
    // Helm keeps them by kind in a Go map.
    apply: (text) => text.replaceAll(/(?:^==> .*\n(?:(?!==> |TEST SUITE).*\n)*)+/gmu, sortedSections),
  },
  { name: "kinds of other scenarios", apply: (text) => text.replaceAll(/^.*\bdiff-[0-9a-f]{12}.*(?:\n|$)/gmu, "") },
];

function sortedSections(found: string): string {
  const sections = found.split(/^(?===> )/mu).map((section) => section.trimEnd());
  return `${sections.toSorted().join("\n\n")}\n\n`;
}

function age(found: string): string {
  return /\s$/u.test(found) ? "(age)   " : "(age)";
}

/** Rule "progress of a rollout": how often a command that waits speaks is chance; one that only looks says it once. */
function withoutProgress(text: string): string {
  return text.replaceAll(/^Waiting for .*\.\.\.\n/gmu, "");
}

/** Rule "descriptions": what `kubectl explain` tells of a field, besides its name, its type and its values. */
function withoutDescriptions(text: string): string {
  const lines = text.split("\n");
  return lines
    .filter((line) => line.includes("\t<") || /^\s*enum:/iu.test(line) || !/^(?: {4}| *$)/u.test(line))
    .join("\n");
}

export interface CommandOutput {
  readonly args: readonly string[];
  readonly surroundings: Surroundings;
}

export function normalisedOutput(text: string, { args, surroundings }: CommandOutput): string {
  let result = text.replaceAll(surroundings.namespace, "$ns");
  if (args[0] === "explain") result = withoutDescriptions(result);
  if (!args.includes("--watch=false")) result = withoutProgress(result);
  for (const rule of outputRules) result = rule.apply(result, surroundings);
  return normalisedText(result, surroundings);
}
