import { execFile } from "node:child_process";
import { GitError } from "./git-error.ts";

export interface GitOptions {
  readonly outputBytesMax?: number;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Variables by which git tells its hooks which repository they serve: they would lead elsewhere than the folder that is named. */
const repositoryVariables = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
];

export function gitEnvironment(): NodeJS.ProcessEnv {
  // A locale must not translate what is parsed, nobody sits there to type a password, and reading takes no locks.
  const own = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  const given = Object.entries(process.env).filter(([name]) => !repositoryVariables.includes(name));
  return { ...Object.fromEntries(given), ...own };
}

/** What git printed, without the last line feed. */
export function runGit(args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { outputBytesMax, signal, timeoutMs } = options;
  const settings = {
    encoding: "utf8" as const,
    env: gitEnvironment(),
    ...(outputBytesMax !== undefined && { maxBuffer: outputBytesMax }),
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  };
  return new Promise((resolve, reject) => {
    execFile("git", [...args], settings, (error, stdout, stderr) => {
      if (!error) resolve(stdout.replace(/\n$/, ""));
      else if (signal?.aborted) reject(signal.reason);
      else {
        const why = error.killed && timeoutMs !== undefined ? `it did not end within ${timeoutMs} ms` : stderr;
        const exitCode = typeof error.code === "number" ? error.code : undefined;
        reject(new GitError("git-failed", failureOf(error, why), exitCode === undefined ? {} : { exitCode }));
      }
    });
  });
}

/** What git complains about first; what follows is advice. Passwords in addresses are left out. */
function failureOf(error: { readonly code?: string | number | null | undefined }, stderr: string): string {
  if (error.code === "ENOENT") return "git can't be started: install it, and check that the folder exists";
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "git printed more than is read";
  const lines = stderr.trim().split("\n");
  const complaint = lines.find((line) => /^(fatal|error|remote):/.test(line)) ?? lines.at(-1) ?? "";
  return withoutPasswords(complaint.replace(/^(fatal|error): /, "")) || `git failed (${error.code ?? "killed"})`;
}

export function withoutPasswords(text: string): string {
  return text.replace(/(\w:\/\/)[^\s/'"]*@/g, "$1");
}
