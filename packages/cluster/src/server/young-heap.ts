import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { youngHeapBytesMax } from "./limits.ts";

/**
 * V8 makes room for new values until it collects them once in a while: 64 MB after a few thousand writes, which a process of this kind keeps for
 * ever. More than a few megabytes save it hardly any work, since next to nothing of a request outlives it. For the process that is a cluster
 * and nothing else; call it once.
 */
export function keepYoungHeapSmall(): void {
  // Where little room is, all that some twenty requests hold is alive at each collection. V8 takes that for long life and makes such values among
  // the old ones, where they stay until all of the heap is collected: about 6 % of the time that a create takes.
  setFlagsFromString("--no-allocation-site-pretenuring");
  let grows = true;
  const observer = new PerformanceObserver(() => {
    const mayGrow = youngHeapBytes() < youngHeapBytesMax;
    if (mayGrow === grows) return;
    grows = mayGrow;
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
  });
  observer.observe({ entryTypes: ["gc"] });
}

function youngHeapBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? 0;
}
