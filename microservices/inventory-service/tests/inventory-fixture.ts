import { mkdtempSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { benchService, openDatabase, openEventProbe } from "@fairway/kit";
import { startPostgres } from "@fairway/postgres";
import { inventoryService } from "../src/service.ts";
import type { BenchAnswer, Database, EventProbe, ServiceBench } from "@fairway/kit";
import type { Level } from "../src/stock.ts";

export interface Wanted {
  readonly productId: string;
  readonly quantity: number;
}

export interface Fixture extends ServiceBench {
  readonly events: EventProbe;
  readonly db: Database;
  /** A product of its own for a test. */
  product(onHand: number): Promise<string>;
  reserve(orderId: string, ...items: readonly Wanted[]): Promise<BenchAnswer>;
  level(productId: string): Promise<Level>;
  /** An order as the orders-service announces it. */
  announce(orderId: string, ...items: readonly Wanted[]): Promise<unknown>;
}

export async function startFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "inventory-service-"));
  const postgres = await startPostgres({ folder, databases: ["inventory", "events"], durable: false });
  const [database, url] = [postgres.url("inventory"), postgres.url("events")];
  const events = await openEventProbe({ url, types: ["StockReserved", "StockRejected", "StockReleased"] });
  const bench = await benchService(
    inventoryService({ PORT: "0", LOG_LEVEL: "error", DATABASE_URL: database, EVENTS_URL: url }),
  );
  const db = openDatabase({ url: database, name: "probe", poolMax: 2 });
  const staff = bench.tokens.tokenFor("staff", ["service"]);
  return {
    ...bench,
    events,
    db,
    async product(quantity) {
      const productId = randomUUID();
      await bench.call("POST", "/inventory/restock", { token: staff, body: { productId, quantity } });
      return productId;
    },
    reserve: (orderId, ...items) =>
      bench.call("POST", "/inventory/reserve", { token: staff, body: { orderId, items } }),
    level: async (productId) => (await bench.call("GET", `/inventory/${productId}`)).json(),
    announce: (orderId, ...items) =>
      events.say("OrderCreated", orderId, { orderId, items, customerId: "ann", totalCents: 1_250, currency: "EUR" }),
    async close() {
      await events.close();
      await db.close();
      await bench.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
