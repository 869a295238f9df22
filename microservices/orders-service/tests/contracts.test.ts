// What orders rely on: prices of the catalogue, and what stock and billing say.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cloudEvent, createTelemetry, loadConfig, serviceConfig } from "@fairway/kit";
import {
  consumeEvents,
  consumeHttp,
  eachLike,
  integer,
  like,
  matching,
  oneOf,
  pactIsMissing,
  uuid,
} from "@fairway/pact";
import { createCatalogue } from "../src/catalogue.ts";
import { orderReactions } from "../src/saga.ts";
import type { Orders } from "../src/orders.ts";
import type { Transaction } from "@fairway/kit";

const folder = join(import.meta.dirname, "../pacts");
const skip = pactIsMissing();
const consumer = "orders-service";
const [anchor, rope] = ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"];
const config = loadConfig(serviceConfig({}), { PORT: "0", LOG_LEVEL: "error" });
const telemetry = createTelemetry({ name: consumer, version: "1", config });

test("orders-service -> products-service: the price of each line", { skip }, async () => {
  const product = {
    id: uuid(anchor),
    name: like("Anchor"),
    priceCents: integer(4_900),
    currency: matching("^[A-Z]{3}$", "EUR"),
  };
  const exchange = {
    description: "the products of an order",
    given: "the first goods are on the shelves",
    request: {
      method: "GET",
      path: "/products",
      query: [
        ["ids", anchor],
        ["limit", "50"],
      ],
    },
    response: { status: 200, body: { items: eachLike(product) } },
  } as const;
  await consumeHttp({ consumer, provider: "products-service", folder, exchanges: [exchange] }, async (url) => {
    const catalogue = createCatalogue(url, telemetry);
    const priced = await catalogue.price([{ productId: anchor, quantity: 2 }]);
    catalogue.close();
    assert.equal(priced.totalCents, 9_800);
  });
});

/** Writes down what an event would change. */
async function changesOf(event: { type: string; data: unknown }, provider: string): Promise<unknown> {
  const changes: unknown[] = [];
  const orders: Pick<Orders, "change"> = {
    change: async (_tx, change) => {
      changes.push(change);
      return undefined;
    },
  };
  const reaction = orderReactions(orders as Orders).find(({ type }) => type === event.type);
  assert.ok(reaction, `orders do not react to ${event.type}`);
  const made = cloudEvent({ source: `/${provider}`, type: event.type, subject: anchor, data: event.data });
  await reaction.run({} as Transaction, made);
  return changes[0];
}

test("orders-service -> inventory-service: what becomes of the goods", { skip }, async () => {
  const events = [
    { type: "StockReserved", data: { orderId: uuid(anchor) } },
    { type: "StockRejected", data: { orderId: uuid(anchor), reason: like("not enough") } },
    { type: "StockReleased", data: { orderId: uuid(anchor), reason: oneOf("cancelled", "expired", "released") } },
  ];
  const causes: unknown[] = [];
  await consumeEvents({ consumer, provider: "inventory-service", folder, events }, async (event) => {
    causes.push(await changesOf(event, "inventory-service"));
  });
  assert.deepEqual(causes, [
    { orderId: anchor, cause: "StockReserved" },
    { orderId: anchor, cause: "StockRejected", reason: "not enough" },
    { orderId: anchor, cause: "StockReleased", reason: "the goods were given back" },
  ]);
});

test("orders-service -> billing-service: what becomes of the money", { skip }, async () => {
  const data = { orderId: uuid(anchor), invoiceId: uuid(rope) };
  const events = [
    { type: "InvoiceIssued", data },
    { type: "InvoicePaid", data },
    { type: "PaymentFailed", data: { ...data, reason: like("the payment was declined") } },
  ];
  const causes: unknown[] = [];
  await consumeEvents({ consumer, provider: "billing-service", folder, events }, async (event) => {
    causes.push(await changesOf(event, "billing-service"));
  });
  assert.deepEqual(causes, [
    { orderId: anchor, cause: "InvoiceIssued", invoiceId: rope },
    { orderId: anchor, cause: "InvoicePaid", invoiceId: rope },
    { orderId: anchor, cause: "PaymentFailed", invoiceId: rope, reason: "the payment was declined" },
  ]);
});
