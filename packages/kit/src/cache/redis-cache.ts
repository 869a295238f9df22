import { dataLimits } from "../limits.ts";
import { SingleFlight } from "./cache.ts";
import type { Cache } from "./cache.ts";
import type { RedisClientType } from "@redis/client";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface RedisCacheOptions {
  readonly url: string;
  readonly ttlMs: number;
  /** Services share a server, not their keys. */
  readonly prefix: string;
  readonly telemetry?: Telemetry;
}

/** A cache that replicas share. When Redis does not answer in time, values are loaded as if there were no cache. */
export function redisCache(options: RedisCacheOptions): Cache {
  const { url, ttlMs, prefix, telemetry } = options;
  const opened = openClient(url, telemetry);
  // Whoever asks the cache hears of it.
  opened.catch(() => undefined);
  const flights = new SingleFlight();
  const failures = telemetry?.metrics.counter({
    name: "cache_failures_total",
    help: "Times the cache did not answer.",
  });
  const bounded = async <T>(command: (client: RedisClientType) => Promise<T>): Promise<T | undefined> => {
    try {
      return await within(opened.then(command));
    } catch (error) {
      failures?.add(1);
      telemetry?.log.debug("the cache did not answer", { error });
      return undefined;
    }
  };
  return {
    name: "cache",
    fetch: (key, load) =>
      flights.run(key, async (isCurrent) => {
        const text = await bounded((client) => client.get(prefix + key));
        if (typeof text === "string") return JSON.parse(text);
        const value = await load();
        const made = JSON.stringify(value);
        if (made !== undefined && isCurrent()) await bounded((client) => client.set(prefix + key, made, { PX: ttlMs }));
        return value;
      }),
    async delete(key) {
      flights.forget(key);
      await bounded((client) => client.del(prefix + key));
    },
    async check() {
      await within(opened.then((client) => client.ping()));
    },
    async close() {
      const client = await opened;
      client.destroy();
    },
  };
}

/** Loaded here, because most services never need it. Does not wait for the connection. */
async function openClient(url: string, telemetry: Telemetry | undefined): Promise<RedisClientType> {
  const { createClient } = await import("@redis/client");
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: dataLimits.connectTimeoutMs,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2_000),
    },
  });
  client.on("error", (error: unknown) => telemetry?.log.debug("the connection to Redis broke", { error }));
  client.connect().catch((error: unknown) => {
    telemetry?.log.warn("Redis can't be reached; values are not kept", { error });
  });
  return client;
}

function within<T>(command: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("Redis took too long")), dataLimits.cacheTimeoutMs);
  return Promise.race([command, promise]).finally(() => clearTimeout(timer));
}
