import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../cli-error.ts";
import { shopLimits } from "./limits.ts";
import type { CollectedSpan } from "./otlp-spans.ts";

export interface ShopOrder {
  readonly id: string;
  readonly state: string;
  readonly reason?: string;
  readonly totalCents: number;
  readonly currency: string;
  readonly items: readonly { readonly name: string; readonly quantity: number }[];
}

export interface ShopProduct {
  readonly id: string;
  readonly name: string;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Talks to the shop as a browser does: through the gateway. */
export class ShopClient {
  readonly #gateway: string;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  async call<T>(method: string, path: string, { body, token, headers }: CallOptions = {}): Promise<T> {
    const response = await fetch(`${this.#gateway}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(shopLimits.requestTimeoutMs),
    });
    const text = await response.text();
    if (!response.ok) throw new CliError("environment", `${method} ${path} answered ${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** A customer nobody has seen before. */
  async newCustomer(): Promise<string> {
    const email = `customer-${randomBytes(6).toString("hex")}@shop.example`;
    const password = randomBytes(18).toString("base64url");
    await this.call("POST", "/auth/register", { body: { email, password } });
    const { accessToken } = await this.call<{ accessToken: string }>("POST", "/auth/login", {
      body: { email, password },
    });
    return accessToken;
  }

  async products(): Promise<readonly ShopProduct[]> {
    return (await this.call<{ items: readonly ShopProduct[] }>("GET", "/products")).items;
  }

  async untilDecided(id: string, token: string): Promise<ShopOrder> {
    const end = performance.now() + shopLimits.orderTimeoutMs;
    for (;;) {
      const order = await this.call<ShopOrder>("GET", `/orders/${id}`, { token });
      if (order.state === "confirmed" || order.state === "cancelled") return order;
      if (performance.now() > end) throw new CliError("environment", `the order ${id} is still ${order.state}`);
      await delay(shopLimits.pollMs);
    }
  }
}

/** The spans of a trace, when no more of them come. */
export async function untilTraced(collector: string, traceId: string): Promise<readonly CollectedSpan[]> {
  const end = performance.now() + shopLimits.traceTimeoutMs;
  let spans: readonly CollectedSpan[] = [];
  let grewAt = performance.now();
  for (;;) {
    const response = await fetch(`${collector}/traces/${traceId}`);
    const found = ((await response.json()) as { spans: readonly CollectedSpan[] }).spans;
    if (found.length > spans.length) grewAt = performance.now();
    spans = found;
    const quiet = performance.now() - grewAt > shopLimits.traceQuietMs;
    if ((spans.length > 0 && quiet) || performance.now() > end) return spans;
    await delay(shopLimits.pollMs);
  }
}
