import type { Labels, Registry } from "./metrics.ts";

export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/** The text that Prometheus scrapes. */
export function exposition(registry: Registry): string {
  const lines: string[] = [];
  for (const metric of registry.all()) {
    lines.push(`# HELP ${metric.name} ${metric.help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`);
    lines.push(`# TYPE ${metric.name} ${metric.type}`);
    for (const { suffix, labels, value } of metric.samples()) {
      lines.push(`${metric.name}${suffix}${labelText(labels)} ${numberText(value)}`);
    }
  }
  const dropped = [...registry.all()].filter((metric) => metric.dropped > 0);
  if (dropped.length > 0) lines.push("# TYPE metric_values_dropped_total counter");
  for (const { name, dropped: count } of dropped) lines.push(`metric_values_dropped_total{metric="${name}"} ${count}`);
  return `${lines.join("\n")}\n`;
}

function labelText(labels: Labels): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return "";
  return `{${entries.map(([name, value]) => `${name}="${escaped(value)}"`).join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
