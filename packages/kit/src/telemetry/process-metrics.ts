import { readFileSync } from "node:fs";
import { monitorEventLoopDelay, performance, PerformanceObserver } from "node:perf_hooks";
import type { Registry } from "./metrics.ts";

/** Use, saturation and errors of the process itself, under the names that dashboards know. */
export function addProcessMetrics(registry: Registry): { close(): void } {
  const gauge = (name: string, help: string, read: () => number): void => {
    registry.gauge({ name, help, read });
  };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const collections = observeCollections(registry);
  let utilization = performance.eventLoopUtilization();
  registry.counter({
    name: "process_cpu_seconds_total",
    help: "CPU time used, user and system.",
    read: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  });
  gauge("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss());
  gauge("process_start_time_seconds", "When the process started, since 1970.", () => performance.timeOrigin / 1_000);
  gauge("process_max_fds", "Files that may be open.", () => maxFiles);
  gauge("process_heap_bytes", "JavaScript heap in use.", () => process.memoryUsage().heapUsed);
  gauge(
    "process_active_resources",
    "Sockets, timers and requests that keep the process busy.",
    () => process.getActiveResourcesInfo().length,
  );
  gauge("nodejs_eventloop_lag_p99_seconds", "Delay of the event loop since the last look.", () => {
    const lag = delay.percentile(99) / 1e9;
    delay.reset();
    return lag;
  });
  gauge("nodejs_eventloop_utilization_ratio", "Busy share of the event loop since the last look.", () => {
    const now = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(now, utilization);
    utilization = now;
    return since.utilization;
  });
  return {
    close: () => {
      delay.disable();
      collections.disconnect();
    },
  };
}

function observeCollections(registry: Registry): PerformanceObserver {
  const histogram = registry.histogram({
    name: "nodejs_gc_duration_seconds",
    help: "Pauses of the garbage collector.",
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) histogram.observe(entry.duration / 1_000);
  });
  observer.observe({ entryTypes: ["gc"] });
  return observer;
}

const maxFiles = readMaxFiles();

function readMaxFiles(): number {
  if (process.platform !== "linux") return Number.NaN;
  const match = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  return match ? Number(match[1]) : Number.NaN;
}
