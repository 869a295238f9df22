import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { logTailLines } from "../machine/limits.ts";
import { systemCodeOf } from "../machine/oracle-error.ts";

export function logFile(folder: string, component: string): string {
  return join(folder, "logs", `${component}.log`);
}

export function openLog(folder: string, component: string): number {
  return openSync(logFile(folder, component), "a", 0o600);
}

/** The end of a component's log, for the message about its failure. */
export function logTail(folder: string, component: string): string {
  try {
    return readFileSync(logFile(folder, component), "utf8").trim().split("\n").slice(-logTailLines).join("\n");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return "(it wrote no log)";
    throw error;
  }
}
