import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readCorpus } from "../diff/corpus.ts";
import { formatDifference } from "../diff/difference.ts";
import { shownDifferencesMax } from "../diff/limits.ts";
import { reportToTerminal } from "../machine/report.ts";
import { compatibilityFile, formatCompatibility } from "./compatibility.ts";
import { corpusNames, nameOf, readKnownDifferences, writeKnownDifferences } from "./difference-list.ts";
import { correctedBy } from "./known-differences.ts";

export const compatibilityHelp = `What the embedded cluster answers in another way than the real Kubernetes.

  npm run oracle -- compatibility           tells it all scenarios, corrects the list of what is known to differ
                                            (oracles/embedded/data/differences.txt) and writes COMPATIBILITY.md
  npm run oracle -- compatibility --page    writes COMPATIBILITY.md from the list as it is
  npm run oracle -- compatibility --dry-run corrects and writes nothing
`;

const options = {
  page: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
} as const;

export async function compatibilityCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (!values.page) await correct(values["dry-run"]);
  if (values["dry-run"]) return 0;
  writeFileSync(compatibilityFile, formatCompatibility(readKnownDifferences(), readCorpus()));
  return 0;
}

async function correct(isDry: boolean): Promise<void> {
  const { judgeEmbedded } = await import("./judge-embedded.ts");
  const known = readKnownDifferences();
  const run = await judgeEmbedded(known);
  for (const name of run.equalNow) process.stdout.write(`equal now: ${name}\n`);
  const unlisted = new Set(run.unlisted);
  for (const result of run.results.filter((each) => unlisted.has(nameOf(each)))) {
    const shown = result.differences.slice(0, shownDifferencesMax).map(formatDifference);
    process.stdout.write(`differs: ${nameOf(result)}\n${shown.join("\n")}\n`);
  }
  for (const [reason, members] of Map.groupBy(run.skipped, (each) => each.reason))
    reportToTerminal(`skipped ${members.length} scenarios: ${reason}`);
  if (!isDry) writeKnownDifferences(correctedBy(known, run, corpusNames()));
}
