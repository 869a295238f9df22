import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkAccess, cloudEvent, fuzzService } from "@fairway/kit";
import { consumeEvents, eachLike, integer, like, matching, pactIsMissing, pactsWith, uuid } from "@fairway/pact";
import { verifyProvider } from "@fairway/pact";
import { inventoryReactions } from "../src/saga.ts";
import { startFixture } from "./inventory-fixture.ts";
import type { Fixture } from "./inventory-fixture.ts";
import type { Outbox } from "@fairway/kit";

let shop: Fixture;

before(async () => {
  shop = await startFixture();
});

after(() => shop.close());

function staff(): string {
  return shop.tokens.tokenFor("staff", ["service"]);
}

function levels(onHand: number, reserved: number): object {
  return { onHand, reserved, available: onHand - reserved };
}

async function assertLevel(productId: string, onHand: number, reserved: number): Promise<void> {
  assert.deepEqual(await shop.level(productId), { productId, ...levels(onHand, reserved) });
}

describe("reserving", () => {
  test("many who want the last pieces at once get exactly as many as there are", async () => {
    const productId = await shop.product(15);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => shop.reserve(randomUUID(), { productId, quantity: 1 })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 15);
    assert.equal(answers.filter(({ status }) => status === 409).length, 25);
    await assertLevel(productId, 15, 15);
  });

  test("orders that want the same products in opposite order do not block each other", async () => {
    const [one, two] = [await shop.product(30), await shop.product(30)];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const [first, second] = index % 2 === 0 ? [one, two] : [two, one];
        return shop.reserve(randomUUID(), { productId: first, quantity: 1 }, { productId: second, quantity: 1 });
      }),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    await assertLevel(one, 30, 30);
    await assertLevel(two, 30, 30);
  });

  test("is for all lines or none, and the same product on two lines counts twice", async () => {
    const [plenty, scarce] = [await shop.product(100), await shop.product(3)];
    const refused = await shop.reserve(
      randomUUID(),
      { productId: plenty, quantity: 5 },
      { productId: scarce, quantity: 2 },
      { productId: scarce, quantity: 2 },
    );
    assert.equal(refused.status, 409);
    assert.match(refused.text, new RegExp(scarce));
    await assertLevel(plenty, 100, 0);
    await assertLevel(scarce, 3, 0);
  });

  test("asked for again changes nothing, and a refusal stays one", async () => {
    const productId = await shop.product(5);
    const [kept, refused] = [randomUUID(), randomUUID()];
    const asked = await Promise.all(Array.from({ length: 5 }, () => shop.reserve(kept, { productId, quantity: 4 })));
    assert.deepEqual(asked.map(({ status }) => status).toSorted(), [200, 200, 200, 200, 201]);
    assert.equal((await shop.reserve(refused, { productId, quantity: 2 })).status, 409);
    await shop.call("POST", "/inventory/restock", { token: staff(), body: { productId, quantity: 10 } });
    assert.equal((await shop.reserve(refused, { productId, quantity: 2 })).status, 409);
    await assertLevel(productId, 15, 4);
  });

  test("what is released is there for others, and that order gets nothing any more", async () => {
    const productId = await shop.product(2);
    const orderId = randomUUID();
    await shop.reserve(orderId, { productId, quantity: 2 });
    const release = () => shop.call("POST", "/inventory/release", { token: staff(), body: { orderId } });
    assert.deepEqual((await release()).json(), { orderId, released: true });
    assert.deepEqual((await release()).json(), { orderId, released: false });
    assert.equal((await shop.reserve(orderId, { productId, quantity: 2 })).json<{ state: string }>().state, "released");
    assert.equal((await shop.reserve(randomUUID(), { productId, quantity: 2 })).status, 201);
  });
});

describe("the part in an order", () => {
  test("goods are kept, the amount travels on, and they leave when the order is confirmed", async () => {
    const productId = await shop.product(10);
    const orderId = randomUUID();
    await shop.announce(orderId, { productId, quantity: 3 });
    const { data } = await shop.events.heard("StockReserved", orderId);
    assert.deepEqual(data, {
      orderId,
      state: "reserved",
      items: [{ productId, quantity: 3 }],
      customerId: "ann",
      totalCents: 1_250,
      currency: "EUR",
      expiresAt: (data as { expiresAt: string }).expiresAt,
    });
    await assertLevel(productId, 10, 3);
    await shop.events.say("OrderConfirmed", orderId, { orderId });
    await shop.events.say("OrderConfirmed", orderId, { orderId });
    // A later word about the same order is handled after both.
    await shop.events.say("OrderCancelled", orderId, { orderId });
    await shop.events.heard("StockReleased", orderId);
    await assertLevel(productId, 10, 0);
  });

  test("an order that is announced twice is kept for once", async () => {
    const productId = await shop.product(10);
    const orderId = randomUUID();
    await shop.announce(orderId, { productId, quantity: 4 });
    await shop.announce(orderId, { productId, quantity: 4 });
    await shop.events.say("OrderConfirmed", orderId, { orderId });
    await shop.events.say("OrderCancelled", orderId, { orderId });
    await shop.events.heard("StockReleased", orderId);
    await assertLevel(productId, 10, 0);
  });

  test("too little is said, with the product", async () => {
    const productId = await shop.product(1);
    const orderId = randomUUID();
    await shop.announce(orderId, { productId, quantity: 2 });
    const { data } = await shop.events.heard("StockRejected", orderId);
    assert.deepEqual(data, { orderId, reason: `not enough of ${productId}` });
  });

  test("a cancellation that overtakes its order leaves nothing for it", async () => {
    const productId = await shop.product(5);
    const [orderId, next] = [randomUUID(), randomUUID()];
    await shop.events.say("OrderCancelled", orderId, { orderId });
    await shop.announce(orderId, { productId, quantity: 5 });
    // Heard when the words before it, which are about the same order, have been handled.
    await shop.events.say("OrderCancelled", orderId, { orderId });
    await shop.announce(next, { productId, quantity: 5 });
    await shop.events.heard("StockReserved", next);
    assert.equal(shop.events.count("StockReserved", orderId), 0);
    await assertLevel(productId, 5, 5);
  });

  test("goods that nobody paid for in time go back, once, and cannot be taken afterwards", async () => {
    const productId = await shop.product(7);
    const orderId = randomUUID();
    await shop.announce(orderId, { productId, quantity: 7 });
    await shop.events.heard("StockReserved", orderId);
    await shop.db.query("UPDATE reservations SET expires_at = now() WHERE order_id = $1", [orderId]);
    const { data } = await shop.events.heard("StockReleased", orderId);
    assert.deepEqual(data, { orderId, items: [{ productId, quantity: 7 }], reason: "expired" });
    const other = randomUUID();
    await shop.events.say("OrderConfirmed", orderId, { orderId });
    await shop.announce(other, { productId, quantity: 7 });
    await shop.events.heard("StockReserved", other);
    await assertLevel(productId, 7, 7);
    assert.equal(shop.events.count("StockReleased", orderId), 1);
  });
});

describe("restocking", () => {
  test("with one key adds once", async () => {
    const productId = await shop.product(1);
    const restock = () =>
      shop.call("POST", "/inventory/restock", {
        token: staff(),
        body: { productId, quantity: 10 },
        headers: { "idempotency-key": productId },
      });
    await Promise.all([restock(), restock(), restock()]);
    await assertLevel(productId, 11, 0);
  });

  test("is refused where it can only be a slip of the hand", async () => {
    const productId = await shop.product(999_999);
    const body = { productId, quantity: 2 };
    assert.equal((await shop.call("POST", "/inventory/restock", { token: staff(), body })).status, 422);
    assert.equal((await shop.call("GET", `/inventory/${randomUUID()}`)).status, 404);
  });
});

test("every route refuses whoever may not call it", async () => {
  assert.deepEqual((await checkAccess(shop.service, shop.tokens)).failures, []);
});

test("no request, however odd, brings a 5xx or shows the inside", async () => {
  // The products that the fuzzer asks for.
  for (const end of ["01", "02", "aa", "ff"]) {
    const body = { productId: `01900000-0000-7000-8000-0000000000${end}`, quantity: 100_000 };
    await shop.call("POST", "/inventory/restock", { token: staff(), body });
  }
  const tokenFor = (roles: readonly string[]) => shop.tokens.tokenFor("fuzz", roles);
  const report = await fuzzService(shop.service, { seed: 7, rounds: 80, tokenFor });
  assert.deepEqual(report.failures, []);
  assert.equal(report.reached.length, 4, `reached: ${report.reached.join(", ")}`);
});

describe("contracts", { skip: pactIsMissing() }, () => {
  const services = join(import.meta.dirname, "../..");

  test("inventory-service -> orders-service: what is ordered, sold and given back", async () => {
    const id = uuid("01900000-0000-7000-8000-0000000000c1");
    const order = {
      orderId: id,
      customerId: like("ann"),
      items: eachLike({ productId: uuid(), quantity: integer(1) }),
      totalCents: integer(4_900),
      currency: matching("^[A-Z]{3}$", "EUR"),
    };
    const events = [
      { type: "OrderCreated", data: order },
      { type: "OrderConfirmed", data: { orderId: id } },
      { type: "OrderCancelled", data: { orderId: id } },
    ];
    const said: string[] = [];
    const outbox: Pick<Outbox, "add"> = {
      add: async (_tx, event) => {
        said.push(event.type);
        return cloudEvent(event);
      },
    };
    const reactions = inventoryReactions({ outbox: outbox as Outbox, reservationSeconds: 60 });
    const contract = {
      consumer: "inventory-service",
      provider: "orders-service",
      folder: join(services, "inventory-service/pacts"),
    };
    await consumeEvents({ ...contract, events }, async ({ type, data }) => {
      const reaction = reactions.find((each) => each.type === type);
      assert.ok(reaction, `the stock does not react to ${type}`);
      const event = cloudEvent({ source: "/orders-service", type, subject: "order", data });
      await shop.db.transaction((tx) => reaction.run(tx, event));
    });
    assert.deepEqual(said, ["StockReserved", "StockReleased"]);
  });

  test("what others rely on is kept", async () => {
    const about = async (type: string, onHand: number): Promise<string> => {
      const [productId, orderId] = [await shop.product(onHand), randomUUID()];
      await shop.announce(orderId, { productId, quantity: 2 });
      await shop.events.heard(type, orderId);
      return orderId;
    };
    const heard = async (type: string, orderId: string) => shop.events.heard(type, orderId);
    await verifyProvider({
      name: "inventory-service",
      pacts: pactsWith("inventory-service", services),
      handle: (request) => shop.service.handle(request),
      states: { "the first goods are on the shelves": async () => undefined },
      events: {
        StockReserved: async () => heard("StockReserved", await about("StockReserved", 5)),
        StockRejected: async () => heard("StockRejected", await about("StockRejected", 1)),
        StockReleased: async () => {
          const orderId = await about("StockReserved", 5);
          await shop.events.say("OrderCancelled", orderId, { orderId });
          return heard("StockReleased", orderId);
        },
      },
    });
  });
});
