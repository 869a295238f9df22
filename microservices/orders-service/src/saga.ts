import { reaction, t } from "@fairway/kit";
import type { Orders } from "./orders.ts";
import type { Reaction } from "@fairway/kit";

const orderId = t.String({ format: "uuid" });
const reason = t.Optional(t.String());
const invoiceId = t.String({ format: "uuid" });

/** What stock and billing say, and what it means for an order. */
export function orderReactions(orders: Orders): readonly Reaction[] {
  return [
    reaction("StockReserved", t.Object({ orderId }), async (tx, data) => {
      await orders.change(tx, { orderId: data.orderId, cause: "StockReserved" });
    }),
    reaction("StockRejected", t.Object({ orderId, reason }), async (tx, data) => {
      const why = data.reason === undefined ? {} : { reason: data.reason };
      await orders.change(tx, { orderId: data.orderId, cause: "StockRejected", ...why });
    }),
    reaction("StockReleased", t.Object({ orderId, reason }), async (tx, data) => {
      const why = data.reason === "expired" ? "the time to pay is over" : "the goods were given back";
      await orders.change(tx, { orderId: data.orderId, cause: "StockReleased", reason: why });
    }),
    reaction("InvoiceIssued", t.Object({ orderId, invoiceId }), async (tx, data) => {
      await orders.change(tx, { orderId: data.orderId, cause: "InvoiceIssued", invoiceId: data.invoiceId });
    }),
    reaction("InvoicePaid", t.Object({ orderId, invoiceId }), async (tx, data) => {
      await orders.change(tx, { orderId: data.orderId, cause: "InvoicePaid", invoiceId: data.invoiceId });
    }),
    reaction("PaymentFailed", t.Object({ orderId, invoiceId, reason }), async (tx, data) => {
      const why = data.reason === undefined ? {} : { reason: data.reason };
      await orders.change(tx, { orderId: data.orderId, cause: "PaymentFailed", invoiceId: data.invoiceId, ...why });
    }),
  ];
}
