import { parseArgs } from "node:util";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import type { Answer } from "./answer.ts";
import { readCorpus } from "./corpus.ts";
import { differences, formatDifference, type Difference } from "./difference.ts";
import { noticedShareMin } from "./limits.ts";
import { formatMeasurement, measureFaults, shareNoticed } from "./measure-faults.ts";
import { readRecording, writeRecordings } from "./recording.ts";
import { runCorpus, type Told } from "./run-corpus.ts";

export const diffHelp = `The same requests to two clusters, or to one and to what the real one answered.

  npm run oracle -- diff A B [--focus RE] [--controllers] [--json]        two kubeconfigs, the first one is right
  npm run oracle -- diff record --kubeconfig F [--focus RE] [--controllers]  keep F's answers as data
  npm run oracle -- diff check --kubeconfig F [--focus RE] [--controllers] [--json]  compare F with those answers

  npm run oracle -- diff faults --kubeconfig F [--focus RE] [--seed N] [--json]     a wrong proxy before F: what is noticed?

  --focus RE     only scenarios whose file or title matches
  --controllers  also those that need controllers to act
  --json         differences as data

Exit code 1 when something differs, or when fewer than 95 % of the wrong proxy's faults are noticed. Scenarios are in oracles/diff/scenarios and oracles/diff/invalid.
`;

const flags = {
  kubeconfig: { type: "string" },
  focus: { type: "string" },
  controllers: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  seed: { type: "string", default: "1" },
} as const;

export async function diffCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
  const focus = values.focus === undefined ? undefined : new RegExp(values.focus);
  const scenarios = readCorpus(focus).filter((scenario) => values.controllers || scenario.needs === "api");
  const tell = async (kubeconfig: string) =>
    runCorpus(scenarios, kubeconfig, (done) => {
      if (done % 50 === 0) reportToTerminal(`${done} of ${scenarios.length} scenarios`);
    });
  const [first, second] = positionals;
  if (first === "record" && values.kubeconfig !== undefined) {
    writeRecordings(await tell(values.kubeconfig));
    reportToTerminal(`recorded ${scenarios.length} scenarios`);
    return 0;
  }
  if (first === "check" && values.kubeconfig !== undefined) {
    return conclude(compareWithRecording(await tell(values.kubeconfig)), scenarios.length, values.json);
  }
  if (first === "faults" && values.kubeconfig !== undefined) {
    const measured = await measureFaults(scenarios, values.kubeconfig, Number(values.seed));
    process.stdout.write(values.json ? `${JSON.stringify(measured, undefined, 2)}\n` : formatMeasurement(measured));
    return shareNoticed(measured) >= noticedShareMin ? 0 : 1;
  }
  if (first === undefined || second === undefined)
    throw new OracleError("usage", "diff needs two kubeconfigs, or record or check with --kubeconfig");
  const expected = await tell(first);
  const found = await tell(second);
  const results = expected.map(({ scenario, answers }, index) =>
    compared(scenario.file, scenario.title, answers, found[index]?.answers),
  );
  return conclude(results, scenarios.length, values.json);
}

export interface ScenarioResult {
  readonly file: string;
  readonly title: string;
  readonly differences: readonly Difference[];
}

/** What a cluster answered beside what the real one answered; a scenario that was never recorded differs as a whole. */
export function compareWithRecording(told: readonly Told[]): readonly ScenarioResult[] {
  return told.map(({ scenario, answers }) => {
    const recorded = readRecording(scenario.file)[scenario.title];
    return compared(scenario.file, scenario.title, recorded, answers);
  });
}

function compared(
  file: string,
  title: string,
  expected: readonly Answer[] | undefined,
  found: readonly Answer[] | undefined,
): ScenarioResult {
  // Through JSON once, so that a recording and a fresh answer are of one kind.
  const plain = (answers: unknown): unknown =>
    answers === undefined ? undefined : JSON.parse(JSON.stringify(answers));
  return { file, title, differences: differences(plain(expected), plain(found)) };
}

function conclude(results: readonly ScenarioResult[], all: number, isJson: boolean): number {
  const different = results.filter((result) => result.differences.length > 0);
  if (isJson) process.stdout.write(`${JSON.stringify({ scenarios: all, different }, undefined, 2)}\n`);
  else {
    for (const { file, title, differences: places } of different) {
      process.stdout.write(`${file}: ${title}\n${places.slice(0, 20).map(formatDifference).join("\n")}\n`);
    }
    process.stdout.write(`${all - different.length} of ${all} scenarios give the same answers\n`);
  }
  return different.length > 0 ? 1 : 0;
}
