import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { benchService, createService, loadConfig, openDatabase, openEventProbe } from "@fairway/kit";
import { problem, route, serviceConfig, t } from "@fairway/kit";
import { startPostgres } from "@fairway/postgres";
import { ordersService } from "../src/service.ts";
import type { Database, EventProbe, ListeningService, ServiceBench } from "@fairway/kit";

export const anchor = "01900000-0000-7000-8000-000000000001";
export const rope = "01900000-0000-7000-8000-000000000002";
export const dollarChart = "01900000-0000-7000-8000-000000000003";

export interface Catalogue {
  isDown: boolean;
}

export interface Fixture extends ServiceBench {
  readonly events: EventProbe;
  readonly db: Database;
  readonly catalogue: Catalogue;
  /** Places an order as somebody, and gives its id. */
  place(customer: string, key?: string): Promise<string>;
  state(id: string): Promise<string>;
}

/** The orders on a real PostgreSQL, with a catalogue of three products beside them. */
export async function startFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "orders-service-"));
  const postgres = await startPostgres({ folder, databases: ["orders", "events"], durable: false });
  const catalogue: Catalogue = { isDown: false };
  const products = await startCatalogue(catalogue);
  const events = await openEventProbe({
    url: postgres.url("events"),
    types: ["OrderCreated", "OrderConfirmed", "OrderCancelled"],
  });
  const bench = await benchService(
    ordersService({
      PORT: "0",
      LOG_LEVEL: "error",
      DATABASE_URL: postgres.url("orders"),
      EVENTS_URL: postgres.url("events"),
      PRODUCTS_URL: products.url,
    }),
  );
  const db = openDatabase({ url: postgres.url("orders"), name: "probe", poolMax: 2 });
  return {
    ...bench,
    events,
    db,
    catalogue,
    async place(customer, key) {
      const answer = await bench.call("POST", "/orders", {
        body: { items: [{ productId: anchor, quantity: 2 }] },
        token: bench.tokens.tokenFor(customer, []),
        headers: key === undefined ? {} : { "idempotency-key": key },
      });
      if (answer.status !== 201) throw new Error(`the order was answered with ${answer.status}: ${answer.text}`);
      return answer.json<{ id: string }>().id;
    },
    async state(id) {
      const { rows } = await db.query<{ state: string }>("SELECT state FROM orders WHERE id = $1", [id]);
      return rows[0]?.state ?? "absent";
    },
    async close() {
      await events.close();
      await db.close();
      await bench.close();
      await products.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startCatalogue(catalogue: Catalogue): Promise<ListeningService> {
  const product = (id: string, currency: string) => ({
    id,
    name: `product ${id.slice(-1)}`,
    priceCents: 250,
    currency,
  });
  const shelf = [product(anchor, "EUR"), product(rope, "EUR"), product(dollarChart, "USD")];
  const list = route({
    method: "GET",
    path: "/products",
    summary: "",
    query: t.Object({ ids: t.Array(t.String()), limit: t.Integer() }),
    responses: { 200: t.Unknown() },
    access: "public",
    handler: ({ query }) => {
      if (catalogue.isDown) throw problem(503, "closed");
      return { status: 200, body: { items: shelf.filter(({ id }) => query.ids.includes(id)) } };
    },
  });
  const config = loadConfig(serviceConfig({}), { PORT: "0", LOG_LEVEL: "error" });
  return createService({ name: "catalogue", version: "1", config, routes: [list] }).listen();
}
