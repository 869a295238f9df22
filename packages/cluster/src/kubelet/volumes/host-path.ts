import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { KubeletError } from "../kubelet-error.ts";

const checks: Readonly<Record<string, readonly [string, (stats: Stats) => boolean]>> = {
  Directory: ["a directory", (stats) => stats.isDirectory()],
  DirectoryOrCreate: ["a directory", (stats) => stats.isDirectory()],
  File: ["a file", (stats) => stats.isFile()],
  FileOrCreate: ["a file", (stats) => stats.isFile()],
  Socket: ["a socket file", (stats) => stats.isSocket()],
  CharDevice: ["a character device", (stats) => stats.isCharacterDevice()],
  BlockDevice: ["a block device", (stats) => stats.isBlockDevice()],
};

/** Checks (and with the `...OrCreate` types makes) what a hostPath volume points at. */
export function prepareHostPath(path: string, type: string): void {
  const check = checks[type];
  if (check === undefined) {
    // Without a type a runtime makes the folder that is missing.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { recursive: true, mode: 0o755 });
    return;
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined && type === "DirectoryOrCreate") mkdirSync(path, { recursive: true, mode: 0o755 });
  else if (found === undefined && type === "FileOrCreate") closeSync(openSync(path, "a", 0o644));
  else if (found === undefined || !check[1](found)) {
    throw new KubeletError("volume-failed", `hostPath type check failed: ${path} is not ${check[0]}`);
  }
}
