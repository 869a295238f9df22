import { reaction, t } from "@fairway/kit";
import { cancel, issue } from "./invoices.ts";
import type { Outbox, Reaction } from "@fairway/kit";

const orderId = t.String({ format: "uuid" });

/** The part of an order's way that billing plays: what is reserved is billed, what is cancelled is given back. */
export function billingReactions(outbox: Outbox, wake: () => void): readonly Reaction[] {
  const reserved = t.Object({
    orderId,
    customerId: t.String({ minLength: 1 }),
    totalCents: t.Integer({ minimum: 0 }),
    currency: t.String(),
  });
  return [
    reaction("StockReserved", reserved, async (tx, order) => {
      await issue(tx, outbox, order);
      tx.afterCommit(wake);
    }),
    reaction("OrderCancelled", t.Object({ orderId }), async (tx, order) => {
      if ((await cancel(tx, order.orderId)) === "reversing") tx.afterCommit(wake);
    }),
  ];
}
