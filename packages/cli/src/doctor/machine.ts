import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, totalmem } from "node:os";
import { delimiter, join } from "node:path";

/** The questions that the doctor asks of a machine; a test answers them for a machine of its own making. */
export interface Machine {
  readonly platform: string;
  readonly architecture: string;
  readonly nodeVersion: string;
  readonly isRoot: boolean;
  readonly cores: number;
  readonly memoryBytes: number;
  freeDiskBytes(): Promise<number>;
  /** The full path of a program, looked up in the PATH and in further folders. */
  find(program: string, furtherFolders?: readonly string[]): Promise<string | undefined>;
  /** What a program printed, or undefined when it failed or took too long. */
  output(program: string, args: readonly string[]): Promise<string | undefined>;
  readText(path: string): Promise<string | undefined>;
  writable(path: string): Promise<boolean>;
  /** Undefined when the port is free on loopback, else the error code: EADDRINUSE, EACCES. */
  portProblem(port: number): Promise<string | undefined>;
}

const programTimeoutMs = 5_000;

export function thisMachine(cwd: string, env: Readonly<Record<string, string | undefined>>): Machine {
  return {
    platform: process.platform,
    architecture: process.arch,
    nodeVersion: process.versions.node,
    isRoot: process.getuid?.() === 0,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeDiskBytes: async () => {
      const { bavail, bsize } = await statfs(cwd);
      return bavail * bsize;
    },
    find: async (program, furtherFolders = []) => {
      const folders = [...(env["PATH"] ?? "").split(delimiter), ...furtherFolders].filter((folder) => folder !== "");
      for (const folder of folders) {
        if (await allowed(join(folder, program), constants.X_OK)) return join(folder, program);
      }
      return undefined;
    },
    output: (program, args) =>
      new Promise((resolve) => {
        execFile(program, [...args], { timeout: programTimeoutMs, cwd }, (error, stdout) =>
          resolve(error ? undefined : stdout.trim()),
        );
      }),
    readText: (path) => readFile(path, "utf8").catch(() => undefined),
    writable: (path) => allowed(path, constants.W_OK),
    portProblem,
  };
}

async function allowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

function portProblem(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
