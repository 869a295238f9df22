import { catalogue } from "./command/catalogue.ts";
import { run } from "./run.ts";
import { Recorder } from "./terminal/recorder.ts";

/** Runs the command line in this process, as a person would type it; for tests. */
export async function runInProcess(
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const stdout = new Recorder();
  const stderr = new Recorder();
  const code = await run(words, {
    catalogue,
    cwd: options.cwd ?? "/",
    env: { ...options.env },
    signal: new AbortController().signal,
    stdout,
    stderr,
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
