export type OrderState = "pending" | "reserved" | "invoiced" | "confirmed" | "cancelled";

/** What can happen to an order, whoever says so. */
export type OrderCause =
  | "StockReserved"
  | "StockRejected"
  | "StockReleased"
  | "InvoiceIssued"
  | "InvoicePaid"
  | "PaymentFailed"
  | "CustomerCancelled"
  | "TimeOver";

type Steps = Readonly<Partial<Record<OrderCause, OrderState>>>;

const endings: Steps = {
  InvoicePaid: "confirmed",
  PaymentFailed: "cancelled",
  StockRejected: "cancelled",
  StockReleased: "cancelled",
  CustomerCancelled: "cancelled",
  TimeOver: "cancelled",
};

/**
 * The way of an order. Stock and billing speak independently of each other, so their words come in any order: a later
 * step may come before an earlier one, which then changes nothing any more.
 */
const table: Readonly<Record<OrderState, Steps>> = {
  pending: { ...endings, StockReserved: "reserved", InvoiceIssued: "invoiced" },
  reserved: { ...endings, InvoiceIssued: "invoiced" },
  invoiced: endings,
  // The goods were given back before the payment was known: then the money goes back as well.
  confirmed: { StockReleased: "cancelled" },
  cancelled: {},
};

export const openStates: readonly OrderState[] = ["pending", "reserved", "invoiced"];

/** The next state; undefined when nothing changes. */
export function nextState(state: OrderState, cause: OrderCause): OrderState | undefined {
  return table[state][cause];
}
