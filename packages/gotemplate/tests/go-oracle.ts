// Asks the real text/template and fmt. Needs the go command.
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Answer, CaseGroup } from "./oracle-cases.ts";

const sources = fileURLToPath(new URL("../testdata/oracle/", import.meta.url));

export function hasGo(): boolean {
  return spawnSync("go", ["version"]).status === 0;
}

/** Builds the oracle and gives the path of the program. */
export function buildOracle(): string {
  const program = join(mkdtempSync(join(tmpdir(), "gotemplate-oracle-")), "oracle");
  const build = spawnSync("go", ["build", "-o", program, "."], { cwd: sources, encoding: "utf8" });
  if (build.status !== 0) throw new Error(`the oracle does not build:\n${build.stderr}`);
  return program;
}

export function runOracle(program: string, groups: readonly CaseGroup[], args: readonly string[] = []): string {
  const run = spawnSync(program, args, {
    input: JSON.stringify(groups),
    encoding: "utf8",
    maxBuffer: 1 << 30,
    timeout: 600_000,
    killSignal: "SIGKILL",
  });
  if (run.status !== 0) throw new Error(`the oracle failed:\n${run.stderr}`);
  return run.stdout;
}

export function askOracle(program: string, groups: readonly CaseGroup[]): Answer[][] {
  return JSON.parse(runOracle(program, groups)) as Answer[][];
}
