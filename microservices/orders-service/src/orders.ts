import { randomUUIDv7 } from "node:crypto";
import { nextState, openStates } from "./order-state.ts";
import type { Database, Outbox, Queryable, Transaction } from "@fairway/kit";
import type { OrderCause, OrderState } from "./order-state.ts";

export interface OrderItem {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

export interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly state: OrderState;
  readonly items: readonly OrderItem[];
  readonly totalCents: number;
  readonly currency: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reason?: string;
  readonly invoiceId?: string;
}

export interface HistoryEntry {
  readonly state: OrderState;
  readonly cause: string;
  readonly at: string;
}

export type NewOrder = Pick<Order, "customerId" | "items" | "totalCents" | "currency">;

export interface Change {
  readonly orderId: string;
  readonly cause: OrderCause;
  readonly reason?: string;
  readonly invoiceId?: string;
}

export interface Orders {
  place(tx: Transaction, order: NewOrder): Promise<Order>;
  /** Undefined for an order that is not known. */
  change(tx: Transaction, change: Change): Promise<{ order: Order; changed: boolean } | undefined>;
  find(id: string): Promise<{ order: Order; history: readonly HistoryEntry[] } | undefined>;
  list(filter: ListFilter): Promise<readonly Order[]>;
  /** Open orders whose time is over. */
  late(tx: Transaction, options: { seconds: number; countMax: number }): Promise<readonly string[]>;
}

export interface ListFilter {
  readonly customerId?: string;
  readonly state?: OrderState;
  /** Orders before this one. */
  readonly before?: string;
  readonly limit: number;
}

const source = "/orders-service";
const columns = `id, customer_id AS "customerId", state, reason, items, total_cents AS "totalCents", currency,
  invoice_id AS "invoiceId", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** `onEnd` hears of orders that have ended, when it is certain. */
export function createOrders(db: Database, outbox: Outbox, onEnd: (state: OrderState) => void): Orders {
  const change = async (tx: Transaction, wanted: Change): Promise<{ order: Order; changed: boolean } | undefined> => {
    const order = await one(tx, `SELECT ${columns} FROM orders WHERE id = $1 FOR UPDATE`, [wanted.orderId]);
    if (!order) return undefined;
    const state = nextState(order.state, wanted.cause);
    if (!state) return { order, changed: false };
    const reason = state === "cancelled" ? (wanted.reason ?? wanted.cause) : null;
    const after = await one(
      tx,
      `UPDATE orders SET state = $2, reason = $3, invoice_id = coalesce($4, invoice_id), updated_at = now()
       WHERE id = $1 RETURNING ${columns}`,
      [order.id, state, reason, wanted.invoiceId ?? null],
    );
    await remember(tx, { orderId: order.id, state, cause: wanted.cause });
    await announce(tx, outbox, after ?? order);
    if (state === "confirmed" || state === "cancelled") tx.afterCommit(() => onEnd(state));
    return { order: after ?? order, changed: true };
  };
  return {
    place: (tx, order) => place(tx, outbox, order),
    change,
    find: async (id) => {
      const order = await one(db, `SELECT ${columns} FROM orders WHERE id = $1`, [id]);
      if (!order) return undefined;
      const { rows } = await db.query<HistoryEntry>(
        "SELECT state, cause, at FROM order_history WHERE order_id = $1 ORDER BY position",
        [id],
      );
      return { order, history: rows };
    },
    list: (filter) => list(db, filter),
    late: async (tx, { seconds, countMax }) => {
      const { rows } = await tx.query<{ id: string }>(
        `SELECT id FROM orders WHERE state = ANY ($1) AND created_at < now() - make_interval(secs => $2)
         ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
        [[...openStates], seconds, countMax],
      );
      return rows.map((row) => row.id);
    },
  };
}

async function place(tx: Transaction, outbox: Outbox, wanted: NewOrder): Promise<Order> {
  const order = await one(
    tx,
    `INSERT INTO orders (id, customer_id, state, items, total_cents, currency)
     VALUES ($1, $2, 'pending', $3, $4, $5) RETURNING ${columns}`,
    [randomUUIDv7(), wanted.customerId, JSON.stringify(wanted.items), wanted.totalCents, wanted.currency],
  );
  if (!order) throw new Error("the database returned no row for what it has just stored");
  await remember(tx, { orderId: order.id, state: "pending", cause: "OrderPlaced" });
  const { customerId, totalCents, currency } = order;
  const items = order.items.map(({ productId, quantity }) => ({ productId, quantity }));
  const data = { orderId: order.id, customerId, items, totalCents, currency };
  await outbox.add(tx, { source, type: "OrderCreated", subject: order.id, data });
  return order;
}

async function announce(tx: Transaction, outbox: Outbox, order: Order): Promise<void> {
  if (order.state === "confirmed") {
    await outbox.add(tx, { source, type: "OrderConfirmed", subject: order.id, data: { orderId: order.id } });
  }
  if (order.state === "cancelled") {
    const data = { orderId: order.id, reason: order.reason ?? "" };
    await outbox.add(tx, { source, type: "OrderCancelled", subject: order.id, data });
  }
}

async function remember(tx: Transaction, entry: { orderId: string; state: string; cause: string }): Promise<void> {
  await tx.query("INSERT INTO order_history (order_id, state, cause) VALUES ($1, $2, $3)", [
    entry.orderId,
    entry.state,
    entry.cause,
  ]);
}

/** Ids grow with time, so the newest comes first and pages go on where they ended. */
async function list(db: Queryable, filter: ListFilter): Promise<readonly Order[]> {
  const { rows } = await db.query<OrderRow>(
    `SELECT ${columns} FROM orders
     WHERE ($1::text IS NULL OR customer_id = $1) AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [filter.customerId ?? null, filter.state ?? null, filter.before ?? null, filter.limit],
  );
  return rows.map(orderOf);
}

type OrderRow = Omit<Order, "reason" | "invoiceId"> & {
  readonly reason: string | null;
  readonly invoiceId: string | null;
};

async function one(db: Queryable, sql: string, parameters: readonly unknown[]): Promise<Order | undefined> {
  const { rows } = await db.query<OrderRow>(sql, parameters);
  const [row] = rows;
  return row ? orderOf(row) : undefined;
}

function orderOf({ reason, invoiceId, ...row }: OrderRow): Order {
  return { ...row, ...(reason === null ? {} : { reason }), ...(invoiceId === null ? {} : { invoiceId }) };
}
