import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { dataLimits } from "../limits.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface ListenOptions {
  readonly url: string;
  readonly channel: string;
  readonly onNotice: () => void;
  readonly telemetry: Telemetry | undefined;
}

/** A connection of its own that hears notices, made again when it breaks. Notices are hints: whoever listens also polls. */
export function listenTo(options: ListenOptions): { close(): Promise<void> } {
  const stop = new AbortController();
  const running = keepListening(options, stop.signal);
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function keepListening(options: ListenOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await listenOnce(options, signal);
    } catch (error) {
      options.telemetry?.log.debug("the connection for notices broke", { error });
    }
    // What was said while nobody listened is found by looking.
    options.onNotice();
    await delay(dataLimits.deliveryPollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function listenOnce({ url, channel, onNotice }: ListenOptions, signal: AbortSignal): Promise<void> {
  const client = new Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: dataLimits.connectTimeoutMs,
  });
  const { promise: over, resolve, reject } = Promise.withResolvers<void>();
  client.on("error", reject);
  client.on("end", resolve);
  client.on("notification", onNotice);
  signal.addEventListener("abort", () => resolve(), { once: true });
  // It may break before somebody waits for it.
  over.catch(() => undefined);
  try {
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    onNotice();
    await over;
  } finally {
    await client.end().catch(() => undefined);
  }
}
