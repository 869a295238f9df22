import { statSync } from "node:fs";

/** Differs after every change of a file, without reading it: no program can set back the time of the last change of its entry. */
export function fileMark(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return `${path} is missing`;
  return [path, stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino, stat.mode].join(" ");
}

export function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}
