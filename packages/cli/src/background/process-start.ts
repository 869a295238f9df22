import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When the process of this number started, in the words of its system: with it a process is not mistaken for a later one that got the
 * same number. Undefined when there is none.
 */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, which comes second, may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not looked yet.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    // It has ended.
    return undefined;
  }
}
