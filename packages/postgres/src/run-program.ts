import { spawn } from "node:child_process";
import type { Account } from "./account.ts";

export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
}

export interface ProgramOptions {
  readonly account?: Account | undefined;
  readonly input?: string;
  readonly timeoutMs: number;
  readonly cwd: string;
}

const outputCharactersMax = 64 * 1024;

/** Runs a program to its end; what it says is bounded. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options.account,
      cwd: options.cwd,
      env: serverEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs,
      killSignal: "SIGKILL",
    });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString("utf8")).slice(-outputCharactersMax);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.stdin.on("error", (error) => collect(Buffer.from(`\n${error.message}`)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
    child.stdin.end(options.input ?? "");
  });
}

/** Nothing of the starter's settings (PGDATA, PGPORT, a locale that is not installed) reaches the server. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C.UTF-8", TZ: "UTC" };
}
