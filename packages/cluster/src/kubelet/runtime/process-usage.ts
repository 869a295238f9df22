import { processTable } from "./process-identity.ts";
import type { ProcessStat } from "./process-identity.ts";
import type { Usage } from "./runtime.ts";

// Linux counts in hundredths of a second wherever Node.js runs, and a page has 4 KiB on all but a few arm64 systems.
const nanosecondsPerTick = 10_000_000n;
const bytesPerPage = 4096;
const tableKeptMs = 500;

let table: { readonly at: number; readonly processes: Map<number, ProcessStat> } | undefined;

/** Processor time and resident memory of a process group. One look at the process table serves all containers. */
export function processUsage(group: number): Usage | undefined {
  const now = performance.now();
  if (table === undefined || now - table.at > tableKeptMs) table = { at: now, processes: processTable() };
  let ticks = 0;
  let pages = 0;
  let found = false;
  for (const stat of table.processes.values()) {
    if (stat.group !== group) continue;
    found = true;
    ticks += stat.cpuTicks;
    pages += stat.residentPages;
  }
  if (!found) return undefined;
  return { cpuNanoseconds: BigInt(ticks) * nanosecondsPerTick, memoryBytes: pages * bytesPerPage };
}
