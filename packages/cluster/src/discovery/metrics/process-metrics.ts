import { readdirSync, readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Family } from "./prometheus.ts";

/** What this process uses of the machine, under the names that all exporters use. */
export function processFamilies(version: Readonly<Record<string, string>>, info: string): readonly Family[] {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const started = Date.now() / 1_000 - process.uptime();
  const gauge = (name: string, help: string, value: () => number | undefined): Family => ({
    name,
    type: "gauge",
    help,
    samples: () => {
      const known = value();
      return known === undefined ? [] : [{ labels: "", value: known }];
    },
  });
  return [
    {
      ...gauge("process_cpu_seconds_total", "Processor time used.", () => cpuSeconds()),
      type: "counter",
    },
    gauge("process_resident_memory_bytes", "Memory in use.", () => process.memoryUsage.rss()),
    gauge("process_virtual_memory_bytes", "Memory reserved.", virtualMemory),
    gauge("process_start_time_seconds", "When the process started, since the epoch.", () => started),
    gauge("process_open_fds", "Open files and connections.", openFiles),
    gauge("nodejs_heap_size_used_bytes", "Heap in use.", () => process.memoryUsage().heapUsed),
    gauge("nodejs_eventloop_lag_p99_seconds", "How late the event loop is, at worst in 99 of 100 cases.", () => {
      const seconds = delay.percentile(99) / 1e9;
      delay.reset();
      return seconds;
    }),
    {
      ...gauge("kubernetes_build_info", "The version that is served.", () => 1),
      samples: () => [{ labels: info, value: 1 }],
    },
    {
      ...gauge("nodejs_version_info", "The runtime.", () => 1),
      samples: () => [{ labels: `version="${version["node"] ?? ""}"`, value: 1 }],
    },
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Where the system has no such folder, it is not said. */
function openFiles(): number | undefined {
  return fromSystem(() => readdirSync("/proc/self/fd").length);
}

function virtualMemory(): number | undefined {
  return fromSystem(() => {
    const kilobytes = /VmSize:\s+(\d+)/u.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  });
}

function fromSystem(read: () => number | undefined): number | undefined {
  if (process.platform !== "linux") return undefined;
  return read();
}
