import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const main = join(import.meta.dirname, "main.ts");

/** Starts the command line as a process of its own, as a terminal would; for tests. */
export function startFairway(
  words: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): ChildProcess {
  const env = { ...process.env, ...options.env };
  return spawn(process.execPath, [main, ...words], { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

/** What a process has said when it has ended. */
export async function ended(child: ChildProcess) {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => (stdout += chunk));
  child.stderr?.on("data", (chunk) => (stderr += chunk));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, stdout, stderr };
}
