import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Door } from "./door.ts";
import type { IncomingHttpHeaders } from "node:http";

export interface Order {
  readonly id: string;
  readonly state: string;
  readonly reason?: string;
  readonly totalCents: number;
  readonly invoiceId?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const patienceMs = 180_000;
const pollMs = 50;

/** Somebody new at the gateway, who waits for what takes time. */
export class Customer {
  readonly #door: Door;
  readonly email = `customer-${randomUUID()}@shop.example`;
  readonly password = randomUUID();
  token = "";

  constructor(door: Door | string) {
    this.#door = typeof door === "string" ? new Door(door) : door;
  }

  static async register(door: Door | string): Promise<Customer> {
    const customer = new Customer(door);
    const body = { email: customer.email, password: customer.password };
    await customer.get("POST", "/auth/register", { body });
    const { accessToken } = await customer.get<{ accessToken: string }>("POST", "/auth/login", { body });
    customer.token = accessToken;
    return customer;
  }

  async call(method: string, path: string, { body, headers }: CallOptions = {}): Promise<Answer> {
    const answer = await this.#door.send({
      method,
      path,
      headers: {
        "content-type": "application/json",
        ...(this.token === "" ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { status, text } = answer;
    const isJson = answer.headers["content-type"]?.includes("json") === true && text !== "";
    return { status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** The body of an answer that has to be a good one; its shape is for the caller to know. */
  async get<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const { status, body } = await this.call(method, path, options);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body as T;
  }

  async order(productId: string, quantity: number, headers: Readonly<Record<string, string>> = {}): Promise<Order> {
    const body = { items: [{ productId, quantity }] };
    return this.get("POST", "/orders", { body, headers: { "idempotency-key": randomUUID(), ...headers } });
  }

  async untilOver(id: string): Promise<Order> {
    const end = performance.now() + patienceMs;
    for (;;) {
      const order = await this.get<Order>("GET", `/orders/${id}`);
      if (order.state === "confirmed" || order.state === "cancelled") return order;
      if (performance.now() > end) throw new Error(`the order ${id} is still ${order.state}`);
      await delay(pollMs);
    }
  }
}
