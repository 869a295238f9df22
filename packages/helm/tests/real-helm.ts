import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { testdata } from "./case-files.ts";
import type { Outcome } from "./case-files.ts";

/** The helm that these tests are held against: `FAIRWAY_HELM`, or `helm` on the path; undefined without helm 4.1. */
export function findHelm(): string | undefined {
  const program = process.env["FAIRWAY_HELM"] ?? "helm";
  const { status, stdout } = spawnSync(program, ["version", "--short"], { encoding: "utf8" });
  return status === 0 && stdout.startsWith("v4.1.") ? program : undefined;
}

export function runHelm(program: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(program, ["template", ...args], {
    cwd: testdata,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { HOME: tmpdir(), PATH: process.env["PATH"] ?? "" },
  });
  return { status: status ?? -1, stdout, stderr };
}
