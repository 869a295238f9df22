const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 10];

interface Series {
  readonly labels: string;
  readonly counts: number[];
  count: number;
  sum: number;
}

const durations = new Map<string, Series>();

/** By route, never by path: a stranger can't make series. */
export function observe(method: string, route: string, status: number, seconds: number): void {
  const labels = `method="${method}",route="${route}",status="${status}"`;
  const known = durations.get(labels);
  const series = known ?? { labels, counts: bounds.map(() => 0), count: 0, sum: 0 };
  if (!known) durations.set(labels, series);
  series.count++;
  series.sum += seconds;
  for (const [index, bound] of bounds.entries())
    if (seconds <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1;
}

/** The text that Prometheus reads. */
export function exposition(): string {
  const name = "http_server_request_duration_seconds";
  const lines = [`# HELP ${name} Time from request to answer.`, `# TYPE ${name} histogram`];
  for (const { labels, counts, count, sum } of durations.values()) {
    for (const [index, bound] of bounds.entries())
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${counts[index]}`);
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${sum}`,
      `${name}_count{${labels}} ${count}`,
    );
  }
  const { user, system } = process.cpuUsage();
  lines.push(
    "# TYPE process_cpu_seconds_total counter",
    `process_cpu_seconds_total ${(user + system) / 1e6}`,
    "# TYPE process_resident_memory_bytes gauge",
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
  );
  return `${lines.join("\n")}\n`;
}
