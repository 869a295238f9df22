import { openDatabase } from "@fairway/kit";
import type { Database } from "@fairway/kit";

export interface OrderRow {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly total_cents: number;
}

export interface ReservationRow {
  readonly order_id: string;
  readonly state: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}

export interface InvoiceRow {
  readonly id: string;
  readonly order_id: string;
  readonly state: string;
  readonly total_cents: number;
}

export interface ChargeRow {
  readonly reference: string;
  readonly status: string;
  readonly amount_cents: number;
}

export interface StockRow {
  readonly product_id: string;
  readonly on_hand: number;
  readonly reserved: number;
}

/** Everything that the databases of the shop say, read straight from them. */
export interface Ledger {
  readonly orders: readonly OrderRow[];
  readonly reservations: readonly ReservationRow[];
  readonly stock: readonly StockRow[];
  readonly invoices: readonly InvoiceRow[];
  readonly charges: readonly ChargeRow[];
  readonly deadLetters: number;
}

export interface LedgerReader {
  readonly events: Database;
  read(): Promise<Ledger>;
  stock(): Promise<readonly StockRow[]>;
  /** Fills the shelves, before anything is sold: of every third product there is a sixth of `each`. */
  fill(each: number): Promise<void>;
  /** What is still under way anywhere; 0 when everything has come to rest. */
  unsettled(): Promise<number>;
  close(): Promise<void>;
}

export function openLedger(urls: Readonly<Record<string, string>>): LedgerReader {
  const open = (name: string): Database => openDatabase({ url: urls[name] ?? "", name, poolMax: 3 });
  const [orders, inventory, billing, payments, events] = [
    "orders",
    "inventory",
    "billing",
    "payments_provider",
    "events",
  ].map(open);
  if (!orders || !inventory || !billing || !payments || !events) throw new Error("a database of the shop is missing");
  const rows = async <Row>(db: Database, sql: string): Promise<readonly Row[]> => (await db.query<Row>(sql)).rows;
  const count = async (db: Database, sql: string): Promise<number> =>
    (await rows<{ count: number }>(db, `SELECT count(*) AS count FROM ${sql}`))[0]?.count ?? 0;
  const stock = () => rows<StockRow>(inventory, "SELECT product_id, on_hand, reserved FROM stock");
  return {
    events,
    stock,
    fill: async (each) => {
      await inventory.query(
        `UPDATE stock SET on_hand = CASE WHEN nr % 3 = 0 THEN $1::bigint / 6 ELSE $1::bigint * 2 END
         FROM (SELECT product_id, row_number() OVER (ORDER BY product_id) AS nr FROM stock) AS numbered
         WHERE stock.product_id = numbered.product_id`,
        [each],
      );
    },
    read: async () => ({
      orders: await rows(orders, "SELECT id, state, reason, total_cents FROM orders"),
      reservations: await rows(inventory, "SELECT order_id, state, items FROM reservations"),
      stock: await stock(),
      invoices: await rows(billing, "SELECT id, order_id, state, total_cents FROM invoices"),
      charges: await rows(payments, "SELECT reference, status, amount_cents FROM charges"),
      deadLetters: await count(events, "dead_letters"),
    }),
    unsettled: async () => {
      const waiting = await Promise.all([
        count(orders, "orders WHERE state NOT IN ('confirmed', 'cancelled')"),
        count(orders, "outbox"),
        count(inventory, "outbox"),
        count(inventory, "reservations WHERE state = 'reserved'"),
        count(billing, "outbox"),
        count(billing, "invoices WHERE state IN ('issued', 'reversing')"),
        count(payments, "webhooks"),
        count(payments, "charges WHERE status = 'pending'"),
        count(events, "deliveries"),
      ]);
      return waiting.reduce((sum, each) => sum + each, 0);
    },
    close: async () => {
      await Promise.all([orders, inventory, billing, payments, events].map((db) => db.close()));
    },
  };
}
