import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkAccess, fuzzService } from "@fairway/kit";
import { pactIsMissing, pactsWith, verifyProvider } from "@fairway/pact";
import { anchor, dollarChart, rope, startFixture } from "./orders-fixture.ts";
import type { Fixture } from "./orders-fixture.ts";
import type { HistoryEntry, Order } from "../src/orders.ts";

let shop: Fixture;

before(async () => {
  shop = await startFixture();
});

after(() => shop.close());

const invoiceId = "01900000-0000-7000-8000-0000000000f1";

function tokenOf(customer: string, roles: readonly string[] = []): string {
  return shop.tokens.tokenFor(customer, roles);
}

async function find(id: string, customer: string): Promise<Order & { history: readonly HistoryEntry[] }> {
  return (await shop.call("GET", `/orders/${id}`, { token: tokenOf(customer) })).json();
}

/** Says something about an order, then something that ends it, so that the first has been handled when the end is heard. */
async function tell(id: string, ...words: readonly (readonly [string, object])[]): Promise<void> {
  for (const [type, data] of words) await shop.events.say(type, id, { orderId: id, ...data });
}

describe("an order", () => {
  test("is confirmed when the goods are kept and the money is there", async () => {
    const customer = randomUUID();
    const id = await shop.place(customer);
    const created = await shop.events.heard("OrderCreated", id);
    assert.deepEqual(created.data, {
      orderId: id,
      customerId: customer,
      items: [{ productId: anchor, quantity: 2 }],
      totalCents: 500,
      currency: "EUR",
    });
    await tell(id, ["StockReserved", {}], ["InvoiceIssued", { invoiceId }], ["InvoicePaid", { invoiceId }]);
    await shop.events.heard("OrderConfirmed", id);
    const found = await find(id, customer);
    assert.equal(found.state, "confirmed");
    assert.equal(found.invoiceId, invoiceId);
    assert.deepEqual(
      found.history.map(({ state, cause }) => `${cause}: ${state}`),
      ["OrderPlaced: pending", "StockReserved: reserved", "InvoiceIssued: invoiced", "InvoicePaid: confirmed"],
    );
  });

  test("ends well also when billing is heard before the stock, and when words come twice", async () => {
    const id = await shop.place(randomUUID());
    const paid = ["InvoicePaid", { invoiceId }] as const;
    await tell(id, ["InvoiceIssued", { invoiceId }], paid, ["StockReserved", {}], paid, ["StockReserved", {}]);
    // The goods come back at last, which is the only word that changes a confirmed order: all before it was handled.
    await tell(id, ["StockReleased", { reason: "expired" }]);
    const { data } = await shop.events.heard("OrderCancelled", id);
    assert.deepEqual(data, { orderId: id, reason: "the time to pay is over" });
    assert.equal(shop.events.count("OrderConfirmed", id), 1);
    assert.equal(shop.events.count("OrderCreated", id), 1);
  });

  for (const [type, data, reason] of [
    ["StockRejected", { reason: "not enough" }, "not enough"],
    ["PaymentFailed", { invoiceId, reason: "the payment was declined" }, "the payment was declined"],
    ["StockReleased", { reason: "released" }, "the goods were given back"],
  ] as const) {
    test(`is cancelled by ${type}, and the others hear why`, async () => {
      const customer = randomUUID();
      const id = await shop.place(customer);
      await tell(id, [type, data]);
      assert.deepEqual((await shop.events.heard("OrderCancelled", id)).data, { orderId: id, reason });
      assert.equal((await find(id, customer)).reason, reason);
    });
  }

  test("that nobody decides is cancelled when its time is over", async () => {
    const id = await shop.place(randomUUID());
    await shop.db.query("UPDATE orders SET created_at = now() - interval '2 hours' WHERE id = $1", [id]);
    assert.deepEqual((await shop.events.heard("OrderCancelled", id)).data, { orderId: id, reason: "it took too long" });
  });

  test("is cancelled by its customer once, and not after it was confirmed", async () => {
    const customer = randomUUID();
    const token = tokenOf(customer);
    const [open, sold] = [await shop.place(customer), await shop.place(customer)];
    assert.equal((await shop.call("POST", `/orders/${open}/cancel`, { token })).json<Order>().state, "cancelled");
    assert.equal((await shop.call("POST", `/orders/${open}/cancel`, { token })).status, 200);
    await tell(sold, ["InvoicePaid", { invoiceId }]);
    await shop.events.heard("OrderConfirmed", sold);
    assert.equal((await shop.call("POST", `/orders/${sold}/cancel`, { token })).status, 409);
    await shop.events.heard("OrderCancelled", open);
    assert.equal(shop.events.count("OrderCancelled", open), 1);
  });
});

describe("placing", () => {
  test("with one key makes one order, however often and however fast it is asked for", async () => {
    const [customer, key] = [randomUUID(), randomUUID()];
    const ids = await Promise.all(Array.from({ length: 6 }, () => shop.place(customer, key)));
    assert.equal(new Set([...ids, await shop.place(customer, key)]).size, 1);
    assert.notEqual(await shop.place(randomUUID(), key), ids[0], "the key of another customer is another key");
    const other = await shop.call("POST", "/orders", {
      body: { items: [{ productId: rope, quantity: 1 }] },
      token: tokenOf(customer),
      headers: { "idempotency-key": key },
    });
    assert.equal(other.status, 422);
  });

  test("keeps the price of now, and refuses what is not sold or has two currencies", async () => {
    const place = (...products: readonly string[]) =>
      shop.call("POST", "/orders", {
        body: { items: products.map((productId) => ({ productId, quantity: 3 })) },
        token: tokenOf(randomUUID()),
      });
    const order = (await place(anchor, rope, anchor)).json<Order>();
    assert.equal(order.totalCents, 9 * 250);
    assert.deepEqual([...new Set(order.items.map(({ unitPriceCents }) => unitPriceCents))], [250]);
    assert.equal((await place(randomUUID())).status, 422);
    assert.equal((await place(anchor, dollarChart)).status, 422);
  });

  test("tells of an order that was placed before also while the catalogue is away", async () => {
    const [customer, key] = [randomUUID(), randomUUID()];
    const id = await shop.place(customer, key);
    shop.catalogue.isDown = true;
    try {
      assert.equal(await shop.place(customer, key), id);
    } finally {
      shop.catalogue.isDown = false;
    }
  });

  test("says that it is not possible now while the catalogue is away, and stores nothing", async () => {
    const customer = randomUUID();
    const body = { items: [{ productId: anchor, quantity: 1 }] };
    shop.catalogue.isDown = true;
    const answer = await shop.call("POST", "/orders", { body, token: tokenOf(customer) });
    shop.catalogue.isDown = false;
    assert.equal(answer.status, 503);
    const { items } = (await shop.call("GET", "/orders", { token: tokenOf(customer) })).json<{ items: unknown[] }>();
    assert.deepEqual(items, []);
  });
});

describe("whose order it is", () => {
  test("others neither see nor cancel it, nor hear that there is one", async () => {
    const id = await shop.place(randomUUID());
    const token = tokenOf(randomUUID());
    const [theirs, none] = [
      await shop.call("GET", `/orders/${id}`, { token }),
      await shop.call("GET", `/orders/${randomUUID()}`, { token }),
    ];
    assert.deepEqual([theirs.status, none.status], [404, 404]);
    assert.equal(theirs.json<{ detail: string }>().detail, none.json<{ detail: string }>().detail);
    assert.equal((await shop.call("POST", `/orders/${id}/cancel`, { token })).status, 404);
    assert.equal(await shop.state(id), "pending");
    assert.equal((await shop.call("GET", `/orders/${id}`, { token: tokenOf(randomUUID(), ["admin"]) })).status, 200);
  });

  test("a list shows the caller's own, page after page, and all of them to staff", async () => {
    const customer = randomUUID();
    const placed: string[] = [];
    for (let each = 0; each < 5; each++) placed.unshift(await shop.place(customer));
    const read = async (token: string, query: string) =>
      (await shop.call("GET", `/orders${query}`, { token })).json<{ items: Order[]; next?: string }>();
    const first = await read(tokenOf(customer), "?limit=3");
    const second = await read(tokenOf(customer), `?limit=3&before=${first.next}`);
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      placed,
    );
    assert.equal(second.next, undefined);
    assert.deepEqual((await read(tokenOf(randomUUID()), "")).items, []);
    const all = await read(tokenOf(randomUUID(), ["admin"]), "?limit=100&state=pending");
    assert.ok(new Set(all.items.map(({ customerId }) => customerId)).size > 1);
  });

  test("every route refuses whoever may not call it", async () => {
    assert.deepEqual((await checkAccess(shop.service, shop.tokens)).failures, []);
  });
});

test("no request, however odd, brings a 5xx or shows the inside", async () => {
  const report = await fuzzService(shop.service, { seed: 5, rounds: 80, tokenFor: (roles) => tokenOf("fuzz", roles) });
  assert.deepEqual(report.failures, []);
  assert.ok(report.reached.includes("GET /orders") && report.reached.includes("POST /orders"), String(report.reached));
});

test("what others rely on is kept", { skip: pactIsMissing() }, async () => {
  const ann = randomUUID();
  const ended = async (type: string, word: string, data: object) => {
    const id = await shop.place(ann);
    await tell(id, [word, data]);
    return shop.events.heard(type, id);
  };
  await verifyProvider({
    name: "orders-service",
    pacts: pactsWith("orders-service", join(import.meta.dirname, "../..")),
    handle: (request) => shop.service.handle(request),
    prepare: (request) => {
      if (request.headers.has("authorization")) request.headers.set("authorization", `Bearer ${tokenOf(ann)}`);
      return request;
    },
    states: {
      "the anchor is sold": async () => undefined,
      "the caller has an order": async () => void (await shop.place(ann)),
    },
    events: {
      OrderCreated: async () => shop.events.heard("OrderCreated", await shop.place(ann)),
      OrderConfirmed: () => ended("OrderConfirmed", "InvoicePaid", { invoiceId }),
      OrderCancelled: () => ended("OrderCancelled", "StockRejected", { reason: "not enough" }),
    },
  });
});
