import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { limits } from "./limits.ts";
import type { Random } from "./random.ts";

export interface PlacedOrder {
  readonly key: string;
  /** Undefined for one that the shop refused for good. */
  readonly id: string | undefined;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export class Customers {
  readonly #gateway: string;
  /** How often something had to be tried again. */
  retries = 0;
  /** How often the shop did what it was asked to. */
  served = 0;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  async register(): Promise<string> {
    const account = { email: `chaos-${randomUUID()}@shop.example`, password: randomUUID() };
    // Registered twice is what happens when the first answer got lost.
    await this.#patiently("POST", "/auth/register", { body: account }, [201, 409]);
    const { body } = await this.#patiently("POST", "/auth/login", { body: account }, [200]);
    return String(body["accessToken"]);
  }

  async products(): Promise<readonly string[]> {
    const { body } = await this.#patiently("GET", "/products?limit=50", {}, [200]);
    return (body["items"] as readonly { readonly id: string }[]).map(({ id }) => id);
  }

  /** Asks with one key until there is an answer, as a careful client does. */
  async order(token: string, products: readonly string[], random: Random): Promise<PlacedOrder> {
    const key = randomUUID();
    const items = Array.from({ length: 1 + random.below(limits.itemsMax) }, () => ({
      productId: random.pick(products),
      quantity: 1 + random.below(limits.quantityMax),
    }));
    const options = { token, body: { items }, headers: { "idempotency-key": key } };
    const { status, body } = await this.#patiently("POST", "/orders", options, [201, 422]);
    return { key, token, id: status === 201 ? String(body["id"]) : undefined };
  }

  /** Looks at an order until it has ended, for a while. */
  async watch(token: string, id: string): Promise<void> {
    const end = performance.now() + limits.watchMs;
    while (performance.now() < end) {
      const answer = await this.#call("GET", `/orders/${id}`, { token });
      if (answer?.body["state"] === "confirmed" || answer?.body["state"] === "cancelled") return;
      await delay(limits.watchPollMs);
    }
  }

  async cancel(token: string, id: string): Promise<void> {
    await this.#patiently("POST", `/orders/${id}/cancel`, { token }, [200, 409]);
  }

  async #patiently(method: string, path: string, options: CallOptions, wanted: readonly number[]): Promise<Answer> {
    const end = performance.now() + limits.patienceMs;
    for (;;) {
      const answer = await this.#call(method, path, options);
      if (answer && wanted.includes(answer.status)) {
        this.served += 1;
        return answer;
      }
      // A conflict says that the first request with this key is still being served.
      const temporary = !answer || answer.status >= 500 || answer.status === 429 || answer.status === 409;
      if (!temporary || performance.now() > end) {
        throw new Error(
          `${method} ${path}: ${answer ? `${answer.status} ${JSON.stringify(answer.body)}` : "no answer"}`,
        );
      }
      this.retries += 1;
      await delay(limits.retryMs);
    }
  }

  async #call(method: string, path: string, { token, body, headers }: CallOptions): Promise<Answer | undefined> {
    try {
      const response = await fetch(`${this.#gateway}${path}`, {
        method,
        headers: {
          "content-type": "application/json",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(limits.requestTimeoutMs),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Answer["body"]) };
    } catch {
      // Whoever was asked was killed meanwhile; the caller asks again.
      return undefined;
    }
  }
}

interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
