import { execFile } from "node:child_process";
import { BuildError } from "./build-error.ts";
import { toolOutputBytesMax } from "./limits.ts";

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Written to its standard input. */
  readonly input?: string;
}

/** What a tool of the machine printed. One that is missing, and one that fails, say so with what it complained about. */
export function runTool(tool: string, args: readonly string[], options: ToolOptions = {}): Promise<string> {
  const { cwd, env, signal, input } = options;
  const settings = {
    encoding: "utf8" as const,
    maxBuffer: toolOutputBytesMax,
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    ...(signal && { signal }),
  };
  return new Promise((resolve, reject) => {
    const child = execFile(tool, [...args], settings, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (signal?.aborted) reject(new BuildError("stopped", "the build was stopped", error));
      else if (error.code === "ENOENT") {
        reject(new BuildError("missing_tool", `${tool} was not found: install it, or put it on the PATH`, error));
      } else {
        const why = lastLines(stderr) || lastLines(stdout) || `it ended with ${String(error.code ?? error.signal)}`;
        reject(new BuildError("compile_failed", `${tool} ${args[0] ?? ""} failed: ${why}`, error));
      }
    });
    // A tool that fails before it reads says why itself.
    child.stdin?.on("error", () => child.stdin?.destroy());
    child.stdin?.end(input ?? "");
  });
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-20).join("\n");
}
