const unitNanos: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** `1h30m` in seconds, as Go reads durations. Undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (!match) return undefined;
  let nanos = 0;
  for (const [, amount, unit] of (match[2] ?? "").matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    nanos += Number(amount) * (unitNanos[unit ?? ""] ?? 0);
  }
  return ((match[1] === "-" ? -1 : 1) * Math.round(nanos)) / 1e9;
}

/** As Go's `Duration.String()`. */
export function formatGoDuration(seconds: number): string {
  if (seconds === 0) return "0s";
  const sign = seconds < 0 ? "-" : "";
  const size = Math.abs(seconds);
  if (size < 1) {
    if (size < 1e-6) return `${sign}${Math.round(size * 1e9)}ns`;
    return size < 1e-3 ? `${sign}${trimmed(size * 1e6)}µs` : `${sign}${trimmed(size * 1e3)}ms`;
  }
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor((size % 3600) / 60);
  const rest = `${trimmed(size % 60)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${sign}${minutes}m${rest}` : `${sign}${rest}`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(9)));
}
