import { reaction, t } from "@fairway/kit";
import { release, reserve, take } from "./stock.ts";
import type { Outbox, Reaction, Transaction } from "@fairway/kit";

const source = "/inventory-service";
const orderId = t.String({ format: "uuid" });
const item = t.Object({ productId: t.String({ format: "uuid" }), quantity: t.Integer({ minimum: 1 }) });
const total = { customerId: t.String(), totalCents: t.Integer({ minimum: 0 }), currency: t.String() };

export interface SagaOptions {
  readonly outbox: Outbox;
  readonly reservationSeconds: number;
}

/** The part of an order's way that the stock plays. */
export function inventoryReactions({ outbox, reservationSeconds }: SagaOptions): readonly Reaction[] {
  return [
    reaction("OrderCreated", t.Object({ orderId, items: t.Array(item), ...total }), async (tx, order) => {
      const { reservation } = await reserve(tx, {
        orderId: order.orderId,
        items: order.items,
        seconds: reservationSeconds,
      });
      const { customerId, totalCents, currency } = order;
      if (reservation.state === "reserved") {
        // Whoever bills needs no second question: the amount travels along.
        const data = { ...reservation, customerId, totalCents, currency };
        await outbox.add(tx, { source, type: "StockReserved", subject: order.orderId, data });
      } else if (reservation.state === "rejected") {
        const data = { orderId: order.orderId, reason: reservation.reason };
        await outbox.add(tx, { source, type: "StockRejected", subject: order.orderId, data });
      }
    }),
    reaction("OrderConfirmed", t.Object({ orderId }), async (tx, order) => {
      // When the goods have been given back meanwhile, the order hears of it by StockReleased and is cancelled.
      await take(tx, order.orderId);
    }),
    reaction("OrderCancelled", t.Object({ orderId }), async (tx, order) => {
      await releaseAndTell(tx, { outbox, orderId: order.orderId, reason: "cancelled" });
    }),
  ];
}

export interface ReleaseOptions {
  readonly outbox: Outbox;
  readonly orderId: string;
  readonly reason: "cancelled" | "expired" | "released";
}

export async function releaseAndTell(
  tx: Transaction,
  { outbox, orderId: id, reason }: ReleaseOptions,
): Promise<boolean> {
  const released = await release(tx, id, reason);
  if (!released) return false;
  const data = { orderId: id, items: released.items, reason };
  await outbox.add(tx, { source, type: "StockReleased", subject: id, data });
  return true;
}
