// Everything at once, as somebody from outside sees it: all services as processes, one door.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Customer } from "./customer.ts";
import { Door } from "./door.ts";
import { natsProgram, startNats } from "./nats-server.ts";
import { startShop } from "./shop-process.ts";
import { buyInBrowser, findBrowser } from "./storefront-visit.ts";
import type { Order } from "./customer.ts";
import type { ShopProcess } from "./shop-process.ts";

const settings = { LOG_LEVEL: "error" };
const folder = mkdtempSync(join(tmpdir(), "shop-tests-"));
const anchor = "01900000-0000-7000-8000-000000000001";
const sellingServices = [
  "billing-service",
  "gateway-service",
  "inventory-service",
  "orders-service",
  "payments-provider",
  "products-service",
];

after(() => rmSync(folder, { recursive: true, force: true }));

interface Level {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

describe("the shop", () => {
  let shop: ShopProcess;
  let gateway: string;
  let ann: Customer;

  before(async () => {
    shop = await startShop(mkdtempSync(join(folder, "postgres-")), settings);
    gateway = shop.state().gateway;
    ann = await Customer.register(gateway);
  });

  after(() => shop?.stop());

  const level = async (): Promise<Level> => {
    const { onHand, reserved, available } = await ann.get<Level>("GET", `/inventory/${anchor}`);
    return { onHand, reserved, available };
  };

  test("sells something: the goods leave, the invoice is paid, and one trace shows all of it", async () => {
    const stock = await level();
    const traceId = randomBytes(16).toString("hex");
    const { id, totalCents } = await ann.order(anchor, 2, { traceparent: `00-${traceId}-${"1".repeat(16)}-01` });
    const order = await ann.untilOver(id);
    assert.deepEqual([order.state, order.reason], ["confirmed", undefined]);
    const invoice = await ann.get<{ state: string; totalCents: number }>("GET", `/billing/invoice/${order.invoiceId}`);
    assert.deepEqual([invoice.state, invoice.totalCents], ["paid", totalCents]);
    await untilEqual(level, { reserved: 0, onHand: stock.onHand - 2, available: stock.onHand - 2 });
    await untilEqual(() => servicesOf(traceId), sellingServices);
  });

  async function servicesOf(traceId: string): Promise<readonly string[]> {
    const response = await fetch(`${shop.state().collector}/traces/${traceId}`);
    const { spans } = (await response.json()) as { spans: readonly { service: string }[] };
    return [...new Set(spans.map(({ service }) => service))].toSorted();
  }

  test("says no to more than there is, and keeps nothing back for it", async () => {
    const stock = await level();
    const { id } = await ann.order(anchor, 1_000);
    const order = await ann.untilOver(id);
    assert.deepEqual([order.state, order.reason], ["cancelled", `not enough of ${anchor}`]);
    assert.deepEqual(await level(), stock);
  });

  test("shows an order and its invoice to nobody else, whatever the way", async () => {
    const { id } = await ann.order(anchor, 1);
    const { invoiceId } = await ann.untilOver(id);
    const bob = await Customer.register(gateway);
    const nobody = new Customer(gateway);
    const asked = async (who: Customer, method: string, path: string) => (await who.call(method, path)).status;
    assert.equal(await asked(bob, "GET", `/orders/${id}`), 404);
    assert.equal(await asked(bob, "POST", `/orders/${id}/cancel`), 404);
    assert.equal(await asked(bob, "GET", `/billing/invoice/${invoiceId}`), 404);
    assert.equal(await asked(nobody, "GET", `/orders/${id}`), 401);
    nobody.token = ann.token.replace(/\.[^.]+$/, ".AAAA");
    assert.equal(await asked(nobody, "GET", `/orders/${id}`), 401);
    assert.deepEqual((await bob.get<{ items: readonly Order[] }>("GET", "/orders")).items, []);
  });

  test("leads to no door that is for services or staff only", async () => {
    const items = [{ productId: anchor, quantity: 1 }];
    for (const [method, path, body, status] of [
      ["POST", "/inventory/reserve", { orderId: randomUUID(), items }, 404],
      ["POST", "/billing/invoice", {}, 404],
      ["POST", "/inventory/restock", { productId: anchor, quantity: 1 }, 403],
      ["POST", "/products", {}, 403],
      ["GET", "/users", undefined, 403],
      ["POST", "/charges", {}, 404],
    ] as const) {
      assert.equal((await ann.call(method, path, { body })).status, status, `${method} ${path}`);
    }
  });

  test("describes all of it in one document, and says which version answered", async () => {
    const { paths } = await ann.get<{ paths: object }>("GET", "/openapi.json");
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
    assert.equal((await ann.call("GET", "/products")).headers["x-service-version"], "products-service/0.1.0");
  });

  test("goes on when services are killed in the middle of an order", async () => {
    const victims = shop.state().services.filter(({ name }) => /orders|inventory|billing/.test(name));
    const placed = await Promise.all(Array.from({ length: 3 }, () => ann.order(anchor, 1)));
    for (const { pid } of victims) process.kill(pid, "SIGKILL");
    for (const { id } of placed) {
      const over = await patiently(() => ann.untilOver(id));
      assert.deepEqual([over.state, over.reason], ["confirmed", undefined]);
    }
  });

  test("can be used by a person with a browser", { skip: findBrowser().reason }, async (context) => {
    const visit = await buyInBrowser(new Door(gateway));
    assert.deepEqual(visit.steps, ["placed", "goods kept", "invoiced", "paid"]);
    assert.ok(visit.products >= 10, `${visit.products} products are shown`);
    assert.match(visit.answered.join("\n"), /orders-service 0\.1\.0/);
    assert.deepEqual(visit.problems, []);
    context.diagnostic(`${visit.products} products, bought in ${Math.round(visit.tookMs)} ms`);
  });
});

describe(
  "the shop on NATS",
  { skip: natsProgram ? false : "nats-server is not on this machine (Debian's package nats-server)" },
  () => {
    test("sells and refuses as it does on PostgreSQL", async () => {
      const nats = await startNats(natsProgram ?? "", join(folder, "jetstream"));
      const shop = await startShop(mkdtempSync(join(folder, "nats-")), { ...settings, EVENTS_URL: nats.url });
      try {
        const customer = await Customer.register(shop.state().gateway);
        const placed = await Promise.all([1, 2, 3, 1_000].map((quantity) => customer.order(anchor, quantity)));
        const ended = await Promise.all(placed.map(({ id }) => customer.untilOver(id)));
        assert.deepEqual(
          ended.map(({ state }) => state),
          ["confirmed", "confirmed", "confirmed", "cancelled"],
        );
      } finally {
        await shop.stop();
        await nats.stop();
      }
    });
  },
);

const patienceMs = 30_000;

async function untilEqual<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  await patiently(async () => assert.deepEqual(await read(), wanted));
}

/** Tries again for a while: what is true in the end is not true at once. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(100);
    }
  }
}
