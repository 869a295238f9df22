import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Customer } from "../customer.ts";
import type { Answer, CallOptions, Order } from "../customer.ts";
import type { Door } from "../door.ts";

/** Somebody who is in the shop. */
export interface Shopping {
  readonly door: Door;
  readonly ann: Customer;
  readonly versions: Map<string, string>;
}

export interface Step {
  readonly name: string;
  run(shopping: Shopping): Promise<void>;
}

interface Product {
  readonly id: string;
  readonly name: string;
  readonly priceCents: number;
}

interface Invoice {
  readonly state: string;
  readonly totalCents: number;
  readonly orderId: string;
}

interface Level {
  readonly onHand: number;
  readonly reserved: number;
}

const chart = "01900000-0000-7000-8000-000000000001";
/** More than there ever is. */
const tooMany = 1_000;
const cancellations = 10;
const patienceMs = 180_000;
const pollMs = 200;

/** In this order, each by itself: what is left of one does not disturb the next. */
export const steps: readonly Step[] = [
  { name: "the catalogue shows goods with prices, by search and by category", run: browse },
  { name: "a customer sees and changes a profile, and stays signed in", run: keepProfile },
  { name: "an order is confirmed, its invoice is paid, and the goods have left", run: buy },
  { name: "one idempotency key is one order, however often it is sent", run: buyOnce },
  { name: "an order for more than there is, is cancelled, and nothing is kept back for it", run: buyTooMuch },
  { name: "an order that its customer cancels costs nothing", run: cancel },
  { name: "orders and invoices are nobody else's business", run: lookAtOthers },
  { name: "what is for services and staff is closed", run: tryDoors },
  { name: "one document describes all of it, and the storefront is there", run: readDocument },
];

async function browse(shopping: Shopping): Promise<void> {
  const { items } = await get<{ items: readonly Product[] }>(shopping, "/products?limit=5");
  assert.equal(items.length, 5);
  for (const { name, priceCents } of items) assert.ok(priceCents > 0, `${name} costs ${priceCents}`);
  const { items: found } = await get<{ items: readonly Product[] }>(shopping, "/products?search=anchor");
  assert.match(found.map(({ name }) => name).join(", "), /anchor/i, "a search for anchors");
  const categories = await get<unknown>(shopping, "/categories");
  assert.match(JSON.stringify(categories), /name/);
}

async function keepProfile(shopping: Shopping): Promise<void> {
  const { ann } = shopping;
  const me = await get<{ email: string }>(shopping, "/auth/me");
  assert.equal(me.email, ann.email);
  const profile = await call(shopping, "GET", "/users/me");
  assert.ok(profile.status === 200 || profile.status === 404, `GET /users/me answered ${profile.status}`);
}

async function buy(shopping: Shopping): Promise<void> {
  const before = await level(shopping);
  const { order, invoice } = await bought(shopping, 2);
  assert.deepEqual([order.state, order.reason], ["confirmed", undefined]);
  assert.deepEqual([invoice.state, invoice.totalCents, invoice.orderId], ["paid", order.totalCents, order.id]);
  await eventually(async () => {
    const { onHand } = await level(shopping);
    assert.ok(onHand <= before.onHand - 2, `${onHand} of ${before.onHand} are left after two were sold`);
  });
}

async function bought(shopping: Shopping, quantity: number): Promise<{ order: Order; invoice: Invoice }> {
  const { id } = await shopping.ann.order(chart, quantity);
  const order = await shopping.ann.untilOver(id);
  return { order, invoice: await get<Invoice>(shopping, `/billing/invoice/${order.invoiceId ?? "none"}`) };
}

async function buyOnce(shopping: Shopping): Promise<void> {
  const key = { "idempotency-key": randomUUID() };
  const orders = await Promise.all([1, 2, 3].map(() => shopping.ann.order(chart, 1, key)));
  assert.equal(new Set(orders.map(({ id }) => id)).size, 1);
  const body = { items: [{ productId: chart, quantity: 2 }] };
  assert.equal((await call(shopping, "POST", "/orders", { body, headers: key })).status, 422);
}

async function buyTooMuch(shopping: Shopping): Promise<void> {
  const { id } = await shopping.ann.order(chart, tooMany);
  const order = await shopping.ann.untilOver(id);
  assert.deepEqual([order.state, order.reason], ["cancelled", `not enough of ${chart}`]);
  const { items } = await get<{ items: readonly Invoice[] }>(shopping, `/billing/invoices?orderId=${id}`);
  assert.deepEqual(items, []);
}

/** Who cancels is in a race with the rest of the shop; whoever wins it, goods and money have to agree. */
async function cancel(shopping: Shopping): Promise<void> {
  for (let attempt = 1; attempt <= cancellations; attempt++) {
    const { id } = await shopping.ann.order(chart, 1);
    const { status } = await call(shopping, "POST", `/orders/${id}/cancel`);
    assert.ok(status === 200 || status === 409, `cancelling was answered with ${status}`);
    const order = await shopping.ann.untilOver(id);
    assert.equal(order.state, status === 200 ? "cancelled" : "confirmed");
    if (status !== 200) continue;
    return eventually(async () => {
      const { items } = await get<{ items: readonly Invoice[] }>(shopping, `/billing/invoices?orderId=${id}`);
      const open = items.filter(({ state }) => !["failed", "void", "refunded"].includes(state));
      assert.deepEqual(open, [], "the money of a cancelled order comes back");
    });
  }
  // A shop that confirms each order before its customer can cancel it has said so each time: that is right too.
}

async function lookAtOthers(shopping: Shopping): Promise<void> {
  const { order } = await bought(shopping, 1);
  const bob = await Customer.register(shopping.door);
  const nobody = new Customer(shopping.door);
  const ways = [`/orders/${order.id}`, `/billing/invoice/${order.invoiceId ?? "none"}`];
  for (const path of ways) {
    assert.equal((await bob.call("GET", path)).status, 404, `bob asks for ${path}`);
    assert.equal((await nobody.call("GET", path)).status, 401, `nobody asks for ${path}`);
  }
  assert.equal((await bob.call("POST", `/orders/${order.id}/cancel`)).status, 404, "bob cancels it");
  assert.deepEqual((await bob.get<{ items: readonly Order[] }>("GET", "/orders")).items, []);
  nobody.token = shopping.ann.token.replace(/\.[^.]+$/u, ".AAAA");
  assert.equal((await nobody.call("GET", `/orders/${order.id}`)).status, 401, "a token with another signature");
}

async function tryDoors(shopping: Shopping): Promise<void> {
  const items = [{ productId: chart, quantity: 1 }];
  const doors = [
    ["POST", "/inventory/reserve", { orderId: randomUUID(), items }, 404],
    ["POST", "/billing/invoice", {}, 404],
    ["POST", "/inventory/restock", { productId: chart, quantity: 1 }, 403],
    ["POST", "/products", {}, 403],
    ["GET", "/users", undefined, 403],
    ["POST", "/charges", {}, 404],
    ["GET", "/nothing", undefined, 404],
  ] as const;
  for (const [method, path, body, status] of doors) {
    const answer = await call(shopping, method, path, body === undefined ? {} : { body });
    assert.equal(answer.status, status, `${method} ${path}`);
  }
}

async function readDocument(shopping: Shopping): Promise<void> {
  const { paths } = await get<{ paths: object }>(shopping, "/openapi.json");
  for (const path of [
    "/orders",
    "/auth/login",
    "/users/me",
    "/products",
    "/inventory/{productId}",
    "/billing/invoices",
  ]) {
    assert.ok(path in paths, `${path} is not in the document`);
  }
  const page = await call(shopping, "GET", "/");
  assert.match(String(page.body), /<!doctype html>/i);
}

async function level(shopping: Shopping): Promise<Level> {
  return get<Level>(shopping, `/inventory/${chart}`);
}

async function get<T>(shopping: Shopping, path: string): Promise<T> {
  const { status, body } = await call(shopping, "GET", path);
  assert.equal(status, 200, `GET ${path} was answered with ${JSON.stringify(body)}`);
  return body as T;
}

async function call({ ann, versions }: Shopping, method: string, path: string, options?: CallOptions): Promise<Answer> {
  const answer = await ann.call(method, path, options);
  const [service, version] = String(answer.headers["x-service-version"] ?? "").split("/");
  if (service !== undefined && version !== undefined) versions.set(service, version);
  return answer;
}

/** What is true in the end is not true at once. */
async function eventually(attempt: () => Promise<void>): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(pollMs);
    }
  }
}

/** The first line says what was expected and found; the rest is for those who look at the code. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  return "code" in error && error.code === "ECONNREFUSED" ? `nobody listens there (${message})` : message;
}
