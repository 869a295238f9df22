import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { ensureClients } from "./clients/client-program.ts";
import { readCorpus } from "./corpus.ts";
import { formatDifference } from "./difference.ts";
import { compareClusters, compareWithRecording, type Judgement } from "./judge.ts";
import { readClusterAccess } from "./kubeconfig.ts";
import { conditionTimeoutMs, noticedShareMin, shownDifferencesMax } from "./limits.ts";
import { formatMeasurement, measureFaults, shareNoticed } from "./measure-faults.ts";
import { writeRecordings } from "./recording.ts";
import { runCorpus, type Told } from "./run-corpus.ts";
import { formatReport, formatScores, isSame, scoresOf } from "./score.ts";

export const diffHelp = `The same requests to two clusters, or to one and to what the real one answered.

  npm run oracle -- diff A B [...]                   two kubeconfigs, the first one is right
  npm run oracle -- diff check --kubeconfig F [...]  compares F with the recorded answers
  npm run oracle -- diff record --kubeconfig F       keeps F's answers as data
  npm run oracle -- diff faults --kubeconfig F [--seed N]  a wrong proxy before F: what of it is noticed?
  npm run oracle -- diff clients                     fetches kubectl and helm for the command lines

  --only TEXT    only scenarios whose file or title holds the text
  --focus RE     only scenarios whose file or title matches
  --controllers  those that need controllers, and no others: the others want a cluster in which nothing acts by itself
  --patience N   seconds that a cluster may take until what a scenario waits for has come (default: ${conditionTimeoutMs / 1000})
  --json         scores and differences as data
  --report FILE  what differs, as Markdown
  --quiet        the table alone, without the differences

Exit code 1 when something differs, or when fewer than 95 % of the wrong proxy's faults are noticed. Scenarios are in
oracles/diff/scenarios and oracles/diff/invalid.
`;

const flags = {
  kubeconfig: { type: "string" },
  only: { type: "string" },
  focus: { type: "string" },
  controllers: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  quiet: { type: "boolean", default: false },
  report: { type: "string" },
  patience: { type: "string", default: String(conditionTimeoutMs / 1000) },
  seed: { type: "string", default: "1" },
} as const;

export async function diffCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
  const scenarios = readCorpus({
    needs: values.controllers ? "controllers" : "api",
    only: values.only ?? (values.focus === undefined ? undefined : new RegExp(values.focus, "u")),
  });
  if (scenarios.length === 0) throw new OracleError("usage", "no scenario is meant by that");
  const tell = async (kubeconfig: string) =>
    runCorpus(scenarios, readClusterAccess(kubeconfig), {
      patienceMs: Number(values.patience) * 1000,
      onProgress: (done) => {
        if (done % 50 === 0) reportToTerminal(`${done} of ${scenarios.length} scenarios`);
      },
    });
  const [first, second] = positionals;
  if (first === "clients") {
    await ensureClients(reportToTerminal);
    return 0;
  }
  const { kubeconfig } = values;
  if (first === "record" && kubeconfig !== undefined) return record(await tell(kubeconfig));
  if (first === "check" && kubeconfig !== undefined)
    return conclude(compareWithRecording(await tell(kubeconfig)), values);
  if (first === "faults" && kubeconfig !== undefined) {
    const measured = await measureFaults(scenarios, kubeconfig, Number(values.seed));
    process.stdout.write(values.json ? `${JSON.stringify(measured, undefined, 2)}\n` : formatMeasurement(measured));
    return shareNoticed(measured) >= noticedShareMin ? 0 : 1;
  }
  if (first === undefined || second === undefined)
    throw new OracleError("usage", "diff needs two kubeconfigs, or record, check or faults with --kubeconfig");
  return conclude(compareClusters(await tell(first), await tell(second)), values);
}

function record(told: readonly Told[]): number {
  const unfinished = told.filter((each) => each.outcome !== "told");
  for (const { scenario, outcome, reason } of unfinished)
    reportToTerminal(`${outcome}: ${scenario.file}: ${scenario.title}: ${reason}`);
  writeRecordings(
    told.filter((each) => each.outcome === "told"),
    readCorpus(),
  );
  reportToTerminal(`recorded ${told.length - unfinished.length} scenarios`);
  return unfinished.some(({ outcome }) => outcome === "broken off") ? 1 : 0;
}

interface Conclusion {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly report?: string | undefined;
}

function conclude(judgement: Judgement, { json, quiet, report }: Conclusion): number {
  const different = judgement.results.filter((result) => !isSame(result));
  if (report !== undefined) writeFileSync(report, formatReport(judgement));
  if (json) {
    const data = { ...scoresOf(judgement), different, skipped: judgement.skipped };
    process.stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
    return different.length > 0 ? 1 : 0;
  }
  for (const { file, title, differences } of quiet ? [] : different) {
    const shown = differences.slice(0, shownDifferencesMax).map(formatDifference);
    process.stdout.write(`${file}: ${title}\n${shown.join("\n")}\n`);
  }
  for (const line of skippedLines(judgement)) process.stdout.write(`${line}\n`);
  process.stdout.write(formatScores(judgement));
  return different.length > 0 ? 1 : 0;
}

function skippedLines({ skipped }: Judgement): readonly string[] {
  const byReason = Map.groupBy(skipped, ({ reason }) => reason);
  return [...byReason].map(([reason, members]) => `skipped ${members.length} scenarios: ${reason}`);
}
