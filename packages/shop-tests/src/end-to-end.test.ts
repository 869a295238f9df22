// Everything at once, as somebody from outside sees it: all services as processes, one door.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Customer } from "./customer.ts";
import { Door } from "./door.ts";
import { natsProgram, startNats } from "./nats-server.ts";
import { startShop } from "./shop-process.ts";
import { buyInBrowser, findBrowser } from "./storefront-visit.ts";
import { walkThrough } from "./walk/walk.ts";
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

  test("is as a customer wants it, and keeps nothing back in the end", async (context) => {
    const { steps } = await walkThrough({ door: new Door(gateway), waitMs: 0 });
    assert.deepEqual(
      steps.filter(({ problem }) => problem !== undefined),
      [],
    );
    await untilEqual(async () => (await level()).reserved, 0);
    for (const { name, ms } of steps) context.diagnostic(`${name}: ${ms} ms`);
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

const patienceMs = 120_000;

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
