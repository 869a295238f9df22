import { spawn } from "node:child_process";
import type { StdioOptions } from "node:child_process";
import { toolOutputBytesMax } from "./limits.ts";
import { OracleError } from "./oracle-error.ts";
import { searchPath } from "./tools.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Called for each line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; a code other than 0 is an answer, not an exception. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program = "", ...args] = command;
  const stdio: StdioOptions = [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"];
  const child = spawn(program, args, {
    stdio,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, PATH: searchPath(process.env["PATH"]), ...options.env },
  });
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const output = { stdout: "", stderr: "", partial: "" };
  const keep = (name: "stdout" | "stderr", text: string): void => {
    if (output[name].length < toolOutputBytesMax) output[name] += text;
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => keep("stdout", text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    keep("stderr", text);
    const lines = (output.partial + text).split("\n");
    output.partial = lines.pop() ?? "";
    for (const line of lines) options.onErrorLine?.(line);
  });
  child.stdin?.on("error", () => child.stdin?.destroy());
  child.stdin?.end(options.input);
  child.on("error", (cause) => {
    reject(new OracleError("command-failed", `${program} could not be started: ${cause.message}`, { cause }));
  });
  child.on("close", (code, signal) => {
    resolve({ code: code ?? (signal === null ? 1 : 128), stdout: output.stdout, stderr: output.stderr });
  });
  return promise;
}

/** Runs a program that has to succeed and gives its standard output. */
export async function runOrFail(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(command, options);
  if (result.code === 0) return result.stdout;
  const said = result.stderr.trim().split("\n").slice(-5).join("\n");
  throw new OracleError("command-failed", `${command.join(" ")} ended with ${result.code}: ${said}`);
}
