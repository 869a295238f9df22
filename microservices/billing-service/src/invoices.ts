import { randomUUIDv7 } from "node:crypto";
import { currentContext, formatTraceparent } from "@fairway/kit";
import { limits } from "./limits.ts";
import { settle } from "./invoice.ts";
import type { ChargeStatus, Invoice } from "./invoice.ts";
import type { Outbox, Queryable, Transaction } from "@fairway/kit";

export const source = "/billing-service";

export interface NewInvoice {
  readonly orderId: string;
  readonly customerId: string;
  readonly totalCents: number;
  readonly currency: string;
}

export interface DueInvoice extends Invoice {
  readonly attempts: number;
  readonly traceparent: string | null;
}

const columns = `id, order_id AS "orderId", customer_id AS "customerId", total_cents AS "totalCents", currency, state,
  created_at AS "createdAt"`;

/** One for each order, however often it is asked for. */
export async function issue(
  tx: Transaction,
  outbox: Outbox,
  wanted: NewInvoice,
): Promise<{ invoice: Invoice; isNew: boolean }> {
  const span = currentContext()?.span.context;
  const { rows } = await tx.query<Invoice>(
    `INSERT INTO invoices (id, order_id, customer_id, total_cents, currency, state, traceparent)
     VALUES ($1, $2, $3, $4, $5, 'issued', $6) ON CONFLICT (order_id) DO NOTHING RETURNING ${columns}`,
    [
      randomUUIDv7(),
      wanted.orderId,
      wanted.customerId,
      wanted.totalCents,
      wanted.currency,
      span ? formatTraceparent(span) : null,
    ],
  );
  const [made] = rows;
  if (made) {
    const { orderId, customerId, totalCents, currency } = made;
    const data = { invoiceId: made.id, orderId, customerId, totalCents, currency };
    await outbox.add(tx, { source, type: "InvoiceIssued", subject: orderId, data });
    return { invoice: made, isNew: true };
  }
  const known = await tx.query<Invoice>(`SELECT ${columns} FROM invoices WHERE order_id = $1`, [wanted.orderId]);
  const [invoice] = known.rows;
  if (!invoice) throw new Error(`the invoice of ${wanted.orderId} has gone`);
  return { invoice, isNew: false };
}

/** The order is over: what was paid goes back, what was not is not taken any more, and no invoice comes later. */
export async function cancel(tx: Transaction, orderId: string): Promise<"reversing" | "nothing"> {
  const { count } = await tx.query(
    `INSERT INTO invoices (id, order_id, customer_id, total_cents, currency, state)
     VALUES ($1, $2, '', 0, 'XXX', 'void') ON CONFLICT (order_id) DO NOTHING`,
    [randomUUIDv7(), orderId],
  );
  if (count === 1) return "nothing";
  const changed = await tx.query(
    `UPDATE invoices SET state = 'reversing', due_at = now(), attempts = 0, updated_at = now()
     WHERE order_id = $1 AND state IN ('issued', 'paid')`,
    [orderId],
  );
  return changed.count === 1 ? "reversing" : "nothing";
}

export interface ProviderWord {
  readonly invoiceId: string;
  readonly status: ChargeStatus;
}

/** Writes down what the provider said, and tells whom it concerns. */
export async function applyWord(tx: Transaction, outbox: Outbox, word: ProviderWord): Promise<void> {
  const { rows } = await tx.query<Invoice>(`SELECT ${columns} FROM invoices WHERE id = $1 FOR UPDATE`, [
    word.invoiceId,
  ]);
  const [invoice] = rows;
  if (!invoice) return;
  const settlement = settle(invoice.state, word.status);
  if (settlement.kind === "unchanged") return;
  if (settlement.kind === "open") {
    const pauseMs = invoice.state === "reversing" ? 0 : limits.pendingPollMs;
    await postpone(tx, invoice.id, pauseMs);
    return;
  }
  await tx.query("UPDATE invoices SET state = $2, updated_at = now() WHERE id = $1", [invoice.id, settlement.state]);
  if (!settlement.announce) return;
  const { orderId, customerId, totalCents, currency } = invoice;
  const data = {
    invoiceId: invoice.id,
    orderId,
    customerId,
    totalCents,
    currency,
    ...(settlement.announce === "PaymentFailed" ? { reason: `the payment was ${word.status}` } : {}),
  };
  await outbox.add(tx, { source, type: settlement.announce, subject: orderId, data });
}

/** What the provider is to be asked now, leased to this replica. */
export async function leaseDue(db: Queryable): Promise<readonly DueInvoice[]> {
  const { rows } = await db.query<DueInvoice>(
    `UPDATE invoices SET attempts = attempts + 1, due_at = now() + make_interval(secs => $2)
     WHERE id IN (
       SELECT id FROM invoices WHERE state IN ('issued', 'reversing') AND due_at <= now()
       ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING ${columns}, attempts, traceparent`,
    [limits.chargeBatchMax, limits.chargeLeaseMs / 1_000],
  );
  return rows;
}

export async function postpone(db: Queryable, id: string, pauseMs: number): Promise<void> {
  await db.query("UPDATE invoices SET due_at = now() + make_interval(secs => $2) WHERE id = $1", [id, pauseMs / 1_000]);
}

export async function findInvoice(db: Queryable, id: string): Promise<Invoice | undefined> {
  const { rows } = await db.query<Invoice>(`SELECT ${columns} FROM invoices WHERE id = $1 AND customer_id <> ''`, [id]);
  return rows[0];
}

export async function listInvoices(
  db: Queryable,
  filter: { readonly customerId?: string; readonly orderId?: string },
): Promise<readonly Invoice[]> {
  const { rows } = await db.query<Invoice>(
    `SELECT ${columns} FROM invoices
     WHERE customer_id <> '' AND ($1::text IS NULL OR customer_id = $1) AND ($2::uuid IS NULL OR order_id = $2)
     ORDER BY id DESC LIMIT $3`,
    [filter.customerId ?? null, filter.orderId ?? null, limits.listMax],
  );
  return rows;
}
