import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder } from "../machine/cache.ts";
import { OracleError, systemCodeOf } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { formatExpectations, mergeResults, parseExpectations, regressions } from "./expectations.ts";
import type { Expectation } from "./expectations.ts";
import { timeoutMinutes, workersPerCore } from "./limits.ts";
import { runSuite } from "./run-suite.ts";
import type { SuiteRun } from "./run-suite.ts";
import { chooseNames } from "./selection.ts";
import type { Selection } from "./selection.ts";
import { failureLines, tableBySig } from "./summary.ts";

export const conformanceHelp = `The conformance suite of Kubernetes 1.35 (441 specs) against any cluster.

  npm run oracle -- conformance --kubeconfig F [--sig S] [--focus RE] [--parallel N] [--gate FILE]

  --kubeconfig F  the cluster to judge
  --sig S         only the specs of one group: node, api-machinery, storage, apps, network, cli, ...
  --focus RE      only specs whose name matches (Go's regular expressions)
  --parallel N    workers at once (default: ${workersPerCore} for each core); specs that want to be alone come last
  --gate FILE     only the specs that FILE says passed; exit code 1 when one of them does not any more
  --record FILE   write the results into FILE, keeping the reasons that are in it
  --timeout N     minutes for the whole (default: ${timeoutMinutes})
  --out D         where reports go: junit.xml, report.json, output.log (default: in the cache)

FILE is text: lines of "passed NAME", "failed NAME" and "skipped NAME"; see data/real-cluster.txt for
what the real Kubernetes passes here, and why it can't pass the others.
`;

const flags = {
  kubeconfig: { type: "string" },
  sig: { type: "string" },
  focus: { type: "string" },
  parallel: { type: "string" },
  gate: { type: "string" },
  record: { type: "string" },
  timeout: { type: "string" },
  out: { type: "string" },
} as const;

export async function conformanceCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: flags });
  if (values.kubeconfig === undefined) throw new OracleError("usage", "--kubeconfig is needed: see --help");
  const known = values.gate === undefined ? undefined : readExpectations(values.gate);
  const expected = known?.filter((each) => each.state === "passed").map((each) => each.name);
  const selection: Selection = { sig: values.sig, focus: values.focus, names: expected };
  const folder = resolve(values.out ?? join(cacheFolder(), "conformance"));
  const run = await runSuite({
    kubeconfig: values.kubeconfig,
    selection,
    parallel: positive("--parallel", values.parallel, workersPerCore * availableParallelism()),
    timeoutMinutes: positive("--timeout", values.timeout, timeoutMinutes),
    folder,
    report: reportToTerminal,
  });
  print(run, folder);
  if (values.record !== undefined) record(values.record, run);
  if (run.results.length === 0) throw new OracleError("command-failed", "no spec was run: check --sig and --focus");
  if (expected === undefined)
    return run.problems.length > 0 || run.results.some((each) => each.state === "failed") ? 1 : 0;
  return judge(chooseNames(expected, selection), run);
}

function judge(expected: readonly string[], run: SuiteRun): number {
  const stopped = regressions(expected, run.results);
  for (const { name, reason } of stopped) process.stdout.write(`stopped passing: ${name}\n    ${reason}\n`);
  process.stdout.write(`gate: ${expected.length - stopped.length} of ${expected.length} still pass\n`);
  return stopped.length > 0 || run.problems.length > 0 ? 1 : 0;
}

function print(run: SuiteRun, folder: string): void {
  const lines = [...failureLines(run.results), ...run.problems.map((problem) => `outside of the specs: ${problem}`)];
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n\n`);
  process.stdout.write(`${tableBySig(run.results)}\n\nreports are in ${folder}\n`);
}

function record(file: string, run: SuiteRun): void {
  const before = existing(file);
  const merged = mergeResults(before, run.results);
  writeFileSync(file, formatExpectations(remarksOf(file), merged));
}

function existing(file: string): readonly Expectation[] {
  try {
    return readExpectations(file);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** The remarks at the head of a file stay when it is written again. */
function remarksOf(file: string): string[] {
  if (existing(file).length === 0)
    return ["What the conformance suite of Kubernetes 1.35.4 says; written by conformance --record."];
  const lines = readFileSync(file, "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  return lines.slice(0, end).map((line) => line.replace(/^# ?/u, ""));
}

function readExpectations(file: string): Expectation[] {
  return parseExpectations(readFileSync(file, "utf8"), file);
}

export function positive(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,4}$/u.test(text)) return Number(text);
  throw new OracleError("usage", `${flag} takes a number above 0, not ${text}`);
}
