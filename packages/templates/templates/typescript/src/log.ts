const weights: Readonly<Record<string, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

export type Log = (level: "debug" | "info" | "warn" | "error", message: string, fields?: object) => void;

/** One JSON object a line on stdout, where the platform collects it. */
export function createLog(least: string): Log {
  return (level, message, fields = {}) => {
    if ((weights[level] ?? 0) < (weights[least] ?? 0)) return;
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  };
}

/** The trace of a W3C `traceparent`, or a new one. */
export function traceId(traceparent: string | undefined): string {
  const found = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? "")?.[1];
  if (found && !/^0+$/.test(found)) return found;
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
}
