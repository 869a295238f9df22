import { merged } from "./reservation.ts";
import type { Item, Reservation, ReservationState } from "./reservation.ts";
import type { Queryable, Transaction } from "@fairway/kit";

export interface Level {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

interface ReservationRow {
  readonly order_id: string;
  readonly state: ReservationState;
  readonly reason: string | null;
  readonly items: readonly Item[];
  readonly expires_at: string;
}

export async function levelOf(db: Queryable, productId: string): Promise<Level | undefined> {
  const { rows } = await db.query<Level>(
    `SELECT product_id AS "productId", on_hand AS "onHand", reserved, on_hand - reserved AS available
     FROM stock WHERE product_id = $1`,
    [productId],
  );
  return rows[0];
}

export async function restock(tx: Transaction, { productId, quantity }: Item): Promise<Level> {
  const { rows } = await tx.query<Level>(
    `INSERT INTO stock (product_id, on_hand) VALUES ($1, $2)
     ON CONFLICT (product_id) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand
     RETURNING product_id AS "productId", on_hand AS "onHand", reserved, on_hand - reserved AS available`,
    [productId, quantity],
  );
  const [level] = rows;
  if (!level) throw new Error("the database returned no row for what it has just stored");
  return level;
}

export interface ReserveOptions {
  readonly orderId: string;
  readonly items: readonly Item[];
  readonly seconds: number;
}

/** All items or none. What was decided about an order stays, however often it is asked for. */
export async function reserve(
  tx: Transaction,
  options: ReserveOptions,
): Promise<{ reservation: Reservation; isNew: boolean }> {
  const items = merged(options.items);
  // The row is made first: whoever else works on this order waits here.
  const { count } = await tx.query(
    `INSERT INTO reservations (order_id, state, items, expires_at)
     VALUES ($1, 'reserved', $2, now() + make_interval(secs => $3)) ON CONFLICT DO NOTHING`,
    [options.orderId, JSON.stringify(items), options.seconds],
  );
  if (count === 0) return { reservation: await present(tx, options.orderId), isNew: false };
  const missing = await shortOf(tx, items);
  if (missing.length > 0) {
    await setState(tx, options.orderId, { state: "rejected", reason: `not enough of ${missing.join(", ")}` });
  } else {
    await changeStock(tx, items, "reserved = stock.reserved + quantity");
  }
  return { reservation: await present(tx, options.orderId), isNew: true };
}

/** Locks the rows of the products, and names those that can't be given. */
async function shortOf(tx: Transaction, items: readonly Item[]): Promise<string[]> {
  const { rows } = await tx.query<{ product_id: string; available: number }>(
    "SELECT product_id, on_hand - reserved AS available FROM stock WHERE product_id = ANY ($1) ORDER BY product_id FOR UPDATE",
    [items.map(({ productId }) => productId)],
  );
  const available = new Map(rows.map((row) => [row.product_id, row.available]));
  return items.filter((item) => (available.get(item.productId) ?? 0) < item.quantity).map((item) => item.productId);
}

/** The goods leave the house. False when they are not reserved any more. */
export async function take(tx: Transaction, orderId: string): Promise<boolean> {
  const found = await lock(tx, orderId);
  if (found?.state === "taken") return true;
  if (found?.state !== "reserved") return false;
  await changeStock(tx, found.items, "reserved = stock.reserved - quantity, on_hand = on_hand - quantity");
  await setState(tx, orderId, { state: "taken", reason: null });
  return true;
}

/**
 * Gives back what is kept for an order, or has been taken for it. An order that has no reservation yet will not get one
 * later. Undefined when there was nothing to give back.
 */
export async function release(tx: Transaction, orderId: string, reason: string): Promise<Reservation | undefined> {
  const { count } = await tx.query(
    `INSERT INTO reservations (order_id, state, reason, items, expires_at) VALUES ($1, 'released', $2, '[]', now())
     ON CONFLICT DO NOTHING`,
    [orderId, reason],
  );
  if (count === 1) return undefined;
  const found = await lock(tx, orderId);
  if (found?.state === "reserved") await changeStock(tx, found.items, "reserved = stock.reserved - quantity");
  else if (found?.state === "taken") await changeStock(tx, found.items, "on_hand = on_hand + quantity");
  else return undefined;
  await setState(tx, orderId, { state: "released", reason });
  return present(tx, orderId);
}

/** Orders whose time is over, locked; other replicas pass over them. */
export async function expired(tx: Transaction, countMax: number): Promise<string[]> {
  const { rows } = await tx.query<{ order_id: string }>(
    `SELECT order_id FROM reservations WHERE state = 'reserved' AND expires_at <= now()
     ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [countMax],
  );
  return rows.map((row) => row.order_id);
}

async function changeStock(tx: Transaction, items: readonly Item[], change: string): Promise<void> {
  // Locked in one order, so that two orders never wait for each other.
  await tx.query("SELECT 1 FROM stock WHERE product_id = ANY ($1) ORDER BY product_id FOR UPDATE", [
    items.map(({ productId }) => productId),
  ]);
  await tx.query(
    `UPDATE stock SET ${change}
     FROM jsonb_to_recordset($1::jsonb) AS item ("productId" uuid, quantity int) WHERE product_id = item."productId"`,
    [JSON.stringify(items)],
  );
}

interface StateChange {
  readonly state: ReservationState;
  readonly reason: string | null;
}

async function setState(tx: Transaction, orderId: string, { state, reason }: StateChange): Promise<void> {
  await tx.query("UPDATE reservations SET state = $2, reason = $3, updated_at = now() WHERE order_id = $1", [
    orderId,
    state,
    reason,
  ]);
}

async function lock(tx: Transaction, orderId: string): Promise<ReservationRow | undefined> {
  const { rows } = await tx.query<ReservationRow>("SELECT * FROM reservations WHERE order_id = $1 FOR UPDATE", [
    orderId,
  ]);
  return rows[0];
}

async function present(tx: Transaction, orderId: string): Promise<Reservation> {
  const row = await lock(tx, orderId);
  if (!row) throw new Error(`the reservation of ${orderId} has gone`);
  return {
    orderId: row.order_id,
    state: row.state,
    items: row.items,
    expiresAt: row.expires_at,
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}
