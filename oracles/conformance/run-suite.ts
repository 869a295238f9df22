import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureBinaries } from "../kubernetes/binaries.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { spokenSeconds } from "../machine/report.ts";
import type { Report } from "../machine/report.ts";
import { findTool } from "../machine/tools.ts";
import { progressEveryMs, stillEveryMs } from "./limits.ts";
import { ProgressReader } from "./progress.ts";
import { selectionFlags } from "./selection.ts";
import type { Selection } from "./selection.ts";
import { parseReport, parseSuiteFailures } from "./spec-result.ts";
import type { SpecResult } from "./spec-result.ts";
import { junit } from "./summary.ts";

export interface SuiteOptions {
  readonly kubeconfig: string;
  readonly selection: Selection;
  readonly parallel: number;
  readonly timeoutMinutes: number;
  /** Where the reports and the suite's whole output go. */
  readonly folder: string;
  readonly report: Report;
  readonly buildBudgetSeconds?: number;
}

export interface SuiteRun {
  readonly results: readonly SpecResult[];
  /** What went wrong outside of any spec. */
  readonly problems: readonly string[];
}

/** Runs specs of the upstream suite with several workers; ginkgo runs those that want to be alone after the others. */
export async function runSuite(options: SuiteOptions): Promise<SuiteRun> {
  const { folder, report } = options;
  const kubeconfig = resolve(options.kubeconfig);
  if (!existsSync(kubeconfig)) throw new OracleError("bad-input", `there is no kubeconfig ${kubeconfig}`);
  const budget = options.buildBudgetSeconds === undefined ? {} : { budgetSeconds: options.buildBudgetSeconds };
  const binaries = await ensureBinaries(["ginkgo", "e2e", "kubectl"], { report, ...budget });
  mkdirSync(folder, { recursive: true });
  const suite = linkAs(binaries.e2e, join(folder, "e2e.test"));
  const kubectl = linkAs(binaries.kubectl, join(folder, "kubectl"));
  const reportFile = join(folder, "report.json");
  rmSync(reportFile, { force: true });
  const ginkgo = [
    binaries.ginkgo,
    "run",
    `--procs=${options.parallel}`,
    "--no-color",
    "--silence-skips",
    `--timeout=${options.timeoutMinutes}m`,
    `--output-dir=${folder}`,
    "--json-report=report.json",
    ...selectionFlags(options.selection),
    suite,
    "--",
    "--provider=skeleton",
    `--kubeconfig=${kubeconfig}`,
    `--kubectl-path=${kubectl}`,
    "--disable-log-dump",
  ];
  await follow(ginkgo, options);
  if (!existsSync(reportFile)) {
    throw new OracleError("command-failed", `the suite ended without a report: see ${join(folder, "output.log")}`);
  }
  const text = readFileSync(reportFile, "utf8");
  const results = parseReport(text);
  writeFileSync(join(folder, "junit.xml"), junit(results));
  return { results, problems: parseSuiteFailures(text) };
}

/** ginkgo tells a built suite by the end of its name. */
function linkAs(target: string, name: string): string {
  rmSync(name, { force: true });
  symlinkSync(target, name);
  return name;
}

async function follow(command: readonly string[], options: SuiteOptions): Promise<void> {
  const reader = new ProgressReader();
  const log = createWriteStream(join(options.folder, "output.log"));
  // Should this process be killed, the workers don't go on alone.
  const guard = findTool("setpriv") === undefined ? [] : ["setpriv", "--pdeathsig", "TERM"];
  const [program = "", ...args] = [...guard, ...command];
  const child = spawn(program, args, { cwd: options.folder, stdio: ["ignore", "pipe", "pipe"] });
  const started = performance.now();
  const told = { failed: 0, done: -1, at: 0 };
  const tell = (): void => {
    const { total, done, failed } = reader.progress;
    for (const name of failed.slice(told.failed)) options.report(`failed ${name}`);
    told.failed = failed.length;
    if (done === told.done && performance.now() - told.at < stillEveryMs) return;
    told.done = done;
    told.at = performance.now();
    const spent = spokenSeconds((performance.now() - started) / 1000);
    if (total > 0) options.report(`${done} of ${total} done, ${failed.length} failed, ${spent}`);
  };
  const timer = setInterval(tell, progressEveryMs);
  const stop = (): void => void child.kill("SIGTERM");
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    child.stdout.setEncoding("utf8").on("data", (text: string) => reader.push(text));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    child.once("error", reject);
    child.once("close", () => resolve());
    await promise;
    tell();
  } finally {
    clearInterval(timer);
    process.off("SIGINT", stop).off("SIGTERM", stop);
    log.end();
  }
}
