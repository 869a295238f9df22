import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
}

/**
 * Resident memory of a process, with its children or alone. On Linux pages that several share are divided among them,
 * because the processes of a database share most of theirs.
 */
export function memoryOf(pid: number, { withChildren }: { readonly withChildren: boolean }): number {
  const all = processes();
  const wanted = new Set([pid]);
  if (withChildren) addDescendants(wanted, all);
  const own = all.filter((each) => wanted.has(each.pid));
  return own.reduce((sum, each) => sum + (sharedOut(each.pid) ?? each.bytes), 0);
}

function addDescendants(wanted: Set<number>, all: readonly ProcessMemory[]): void {
  for (let size = 0; size !== wanted.size;) {
    size = wanted.size;
    for (const each of all) if (wanted.has(each.parent)) wanted.add(each.pid);
  }
}

function processes(): readonly ProcessMemory[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" });
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [pid = 0, parent = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent, bytes: kilobytes * 1024 };
    });
}

function sharedOut(pid: number): number | undefined {
  const path = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(path)) return undefined;
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(path, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    // It has ended, or belongs to somebody else.
    return undefined;
  }
}
