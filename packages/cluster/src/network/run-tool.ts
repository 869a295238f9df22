import { spawn } from "node:child_process";
import { toolOutputBytesMax, toolTimeoutMs } from "./limits.ts";
import { NetworkError } from "./network-error.ts";

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs one of the machine's programs to its end. */
export async function runTool(command: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    env: { ...process.env, ...options.environment },
    timeout: toolTimeoutMs,
    killSignal: "SIGKILL",
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      if (texts[name].length < toolOutputBytesMax) texts[name] += text;
    });
  }
  // A program that reads no more has said why by its exit code.
  child.stdin?.on("error", () => child.stdin?.destroy());
  child.stdin?.end(options.input);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new NetworkError("tool-failed", `${file}: ${error.message}`, error)));
    child.once("close", (code, signal) => {
      const ended = signal === null ? "" : `${file} was ended by ${signal}: `;
      resolve({ code: code ?? 1, stdout: texts.stdout, stderr: `${ended}${texts.stderr}` });
    });
  });
}

/** The same, where anything but success is a failure. */
export async function runToolOrFail(command: readonly string[], options: ToolOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runTool(command, options);
  if (code === 0) return stdout;
  const said = (stderr.trim() === "" ? stdout : stderr).trim();
  throw new NetworkError(
    "tool-failed",
    `${command.slice(0, 3).join(" ")}: ${said === "" ? `exit code ${code}` : said}`,
  );
}
