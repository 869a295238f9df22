import { randomUUIDv7 } from "node:crypto";
import { problem } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { FailureSettings } from "./failures.ts";
import type { Database, Queryable, Transaction } from "@fairway/kit";

export type ChargeStatus = "pending" | "succeeded" | "declined" | "voided" | "refunded";

export interface Charge {
  readonly reference: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly status: ChargeStatus;
}

export type NewCharge = Omit<Charge, "status">;

const columns = `reference, amount_cents AS "amountCents", currency, status`;

export async function findCharge(db: Queryable, reference: string): Promise<Charge | undefined> {
  const { rows } = await db.query<Charge>(`SELECT ${columns} FROM charges WHERE reference = $1`, [reference]);
  return rows[0];
}

/** Takes the money once for each reference, however often it is asked to. */
export async function charge(db: Database, wanted: NewCharge, settings: FailureSettings): Promise<Charge> {
  return db.transaction(async (tx) => {
    const status = decide(settings);
    const settleAt = status === "pending" ? limits.settleMs : null;
    const { rows } = await tx.query<Charge>(
      `INSERT INTO charges (reference, amount_cents, currency, status, settle_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5::float8 / 1000))
       ON CONFLICT DO NOTHING RETURNING ${columns}`,
      [wanted.reference, wanted.amountCents, wanted.currency, status, settleAt],
    );
    const [made] = rows;
    if (made) {
      if (status !== "pending") await announce(tx, made, settings);
      return made;
    }
    const known = await findCharge(tx, wanted.reference);
    // A reference that was reversed before anything was charged stays reversed, whatever the amount.
    const isSame = known?.amountCents === wanted.amountCents && known.currency === wanted.currency;
    if (known && (isSame || known.status === "voided")) return known;
    throw problem(422, `${wanted.reference} was charged with another amount before`);
  });
}

/** Gives the money back, or makes sure that it will never be taken. */
export async function reverse(db: Database, reference: string, settings: FailureSettings): Promise<Charge> {
  return db.transaction(async (tx) => {
    const { count } = await tx.query(
      `INSERT INTO charges (reference, amount_cents, currency, status) VALUES ($1, 0, 'XXX', 'voided')
       ON CONFLICT DO NOTHING`,
      [reference],
    );
    if (count === 0) {
      const changed = await tx.query<Charge>(
        `UPDATE charges SET updated_at = now(), settle_at = NULL,
           status = CASE status WHEN 'succeeded' THEN 'refunded' ELSE 'voided' END
         WHERE reference = $1 AND status IN ('pending', 'succeeded') RETURNING ${columns}`,
        [reference],
      );
      const [row] = changed.rows;
      if (row) await announce(tx, row, settings);
    }
    const found = await findCharge(tx, reference);
    if (!found) throw new Error(`the charge ${reference} has gone`);
    return found;
  });
}

/** Decides what was left open. Says how many there were. */
export async function settlePending(db: Database, settings: FailureSettings): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<Charge>(
      `UPDATE charges SET status = 'succeeded', settle_at = NULL, updated_at = now()
       WHERE reference IN (
         SELECT reference FROM charges WHERE status = 'pending' AND settle_at <= now()
         ORDER BY settle_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${columns}`,
      [limits.webhookBatchMax],
    );
    for (const settled of rows) await announce(tx, settled, settings);
    return rows.length;
  });
}

function decide({ declineRate, pendingRate }: FailureSettings): ChargeStatus {
  const dice = Math.random();
  if (dice < declineRate) return "declined";
  return dice < declineRate + pendingRate ? "pending" : "succeeded";
}

/** Stored with what it tells of, sent afterwards; now and then twice, when that is switched on. */
async function announce(tx: Transaction, changed: Charge, settings: FailureSettings): Promise<void> {
  const copies = Math.random() < settings.duplicateRate ? 2 : 1;
  for (let copy = 0; copy < copies; copy++) {
    await tx.query("INSERT INTO webhooks (id, payload) VALUES ($1, $2)", [randomUUIDv7(), JSON.stringify(changed)]);
  }
}
