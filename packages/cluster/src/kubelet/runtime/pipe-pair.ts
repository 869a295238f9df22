import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { KubeletError } from "../kubelet-error.ts";

/**
 * A named pipe for what a container prints. The container holds both of its ends, so that it neither gets a SIGPIPE nor an end of file when
 * the control process dies: it waits until a later run reads on from where this one stopped.
 */
export interface NamedPipe {
  readonly path: string;
  /** For the child's standard output; close it once the child has it. */
  readonly childEnd: number;
  readonly reader: Socket;
}

export function makePipes(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
  const made = spawnSync("mkfifo", ["-m", "600", ...paths], { encoding: "utf8" });
  if (made.status !== 0) {
    throw new KubeletError("tool-failed", `mkfifo failed: ${made.error?.message ?? made.stderr}`);
  }
}

export function openPipe(path: string): NamedPipe {
  const reader = openReader(path);
  return { path, reader, childEnd: openSync(path, constants.O_RDWR) };
}

/** The reading end alone: of a container that an earlier run started. */
export function openReader(path: string): Socket {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

export function closeChildEnds(pipes: readonly NamedPipe[]): void {
  for (const pipe of pipes) closeSync(pipe.childEnd);
}
