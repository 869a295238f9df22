import { createHttpClient } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { Configuration } from "./configuration.ts";
import type { Dependency, HttpClient, Telemetry } from "@fairway/kit";

/** A service behind the gateway and the paths that lead to it. */
export interface Upstream {
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly client: HttpClient;
}

export function createUpstreams(config: Configuration, telemetry: Telemetry): readonly Upstream[] {
  const upstream = (name: string, baseUrl: string, prefixes: readonly string[]): Upstream => ({
    name,
    prefixes,
    client: createHttpClient({ name, baseUrl, telemetry, timeoutMs: limits.upstreamTimeoutMs, retries: 1 }),
  });
  return [
    upstream("auth-service", config.AUTH_URL, ["/auth"]),
    upstream("users-service", config.USERS_URL, ["/users"]),
    upstream("products-service", config.PRODUCTS_URL, ["/products", "/categories"]),
    upstream("inventory-service", config.INVENTORY_URL, ["/inventory"]),
    upstream("orders-service", config.ORDERS_URL, ["/orders"]),
    upstream("billing-service", config.BILLING_URL, ["/billing"]),
  ];
}

/** The connections close with the gateway. Whether a service is there is seen by those who ask for it, not by all. */
export function upstreamConnections(upstreams: readonly Upstream[]): Dependency {
  return {
    name: "upstream connections",
    check: async () => undefined,
    close: async () => {
      for (const { client } of upstreams) client.close();
    },
  };
}

/** What only services ask of each other: no way leads there from outside, whatever the token says. */
const internal: ReadonlySet<string> = new Set([
  "POST /inventory/reserve",
  "POST /inventory/release",
  "POST /billing/invoice",
]);

export function isInternal(method: string, path: string): boolean {
  return internal.has(`${method} ${path.replace(/\/+$/, "")}`);
}
