import type { Ledger, StockRow } from "./ledger.ts";

export interface Expectation {
  readonly ledger: Ledger;
  readonly stockBefore: readonly StockRow[];
  /** The orders that the shop has promised to customers. */
  readonly placed: ReadonlySet<string>;
}

/** What must be true of the databases when everything has come to rest. One line for each thing that is not. */
export function brokenInvariants(expectation: Expectation): string[] {
  return [
    ...ordersEnd(expectation),
    ...oneReservation(expectation),
    ...stockAdds(expectation),
    ...onePayment(expectation),
    ...moneyAdds(expectation),
    ...(expectation.ledger.deadLetters === 0 ? [] : [`${expectation.ledger.deadLetters} messages were given up`]),
  ];
}

function ordersEnd({ ledger, placed }: Expectation): string[] {
  const known = new Set(ledger.orders.map(({ id }) => id));
  return [
    ...[...placed].filter((id) => !known.has(id)).map((id) => `the order ${id} was promised and is lost`),
    ...ledger.orders.filter(({ id }) => !placed.has(id)).map(({ id }) => `the order ${id} was placed twice`),
    ...ledger.orders
      .filter(({ state }) => state !== "confirmed" && state !== "cancelled")
      .map(({ id, state }) => `the order ${id} has not ended: ${state}`),
  ];
}

function oneReservation({ ledger }: Expectation): string[] {
  const byOrder = new Map(ledger.reservations.map((each) => [each.order_id, each.state]));
  return ledger.orders.flatMap(({ id, state }) => {
    const reservation = byOrder.get(id);
    const isRight =
      state === "confirmed" ? reservation === "taken" : reservation === "released" || reservation === "rejected";
    return isRight ? [] : [`the order ${id} is ${state}, its goods are ${reservation ?? "unknown"}`];
  });
}

function stockAdds({ ledger, stockBefore }: Expectation): string[] {
  const taken = new Map<string, number>();
  for (const { state, items } of ledger.reservations) {
    if (state !== "taken") continue;
    for (const { productId, quantity } of items) taken.set(productId, (taken.get(productId) ?? 0) + quantity);
  }
  const before = new Map(stockBefore.map((each) => [each.product_id, each.on_hand]));
  return ledger.stock.flatMap(({ product_id: id, on_hand: onHand, reserved }) => {
    const wanted = (before.get(id) ?? 0) - (taken.get(id) ?? 0);
    return [
      ...(onHand < 0 ? [`the stock of ${id} is negative`] : []),
      ...(onHand === wanted ? [] : [`of ${id} there are ${onHand}, and should be ${wanted}`]),
      ...(reserved === 0 ? [] : [`of ${id} ${reserved} are kept for nobody`]),
    ];
  });
}

function onePayment({ ledger }: Expectation): string[] {
  const invoices = new Map(ledger.invoices.map((each) => [each.order_id, each]));
  const charges = new Map(ledger.charges.map((each) => [each.reference, each]));
  return ledger.orders.flatMap((order) => {
    const invoice = invoices.get(order.id);
    const charge = invoice && charges.get(invoice.id);
    const what = `the order ${order.id} is ${order.state}, its invoice ${invoice?.state}, its charge ${charge?.status}`;
    if (order.state === "confirmed") {
      const isPaid = invoice?.state === "paid" && charge?.status === "succeeded";
      if (!isPaid) return [what];
      return charge.amount_cents === order.total_cents && invoice.total_cents === order.total_cents
        ? []
        : [`${what}: another amount`];
    }
    const isOpen = invoice?.state === "paid" || invoice?.state === "issued" || invoice?.state === "reversing";
    return isOpen || charge?.status === "succeeded" || charge?.status === "pending" ? [what] : [];
  });
}

function moneyAdds({ ledger }: Expectation): string[] {
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);
  const charged = sum(ledger.charges.filter(({ status }) => status === "succeeded").map((each) => each.amount_cents));
  const paid = sum(ledger.invoices.filter(({ state }) => state === "paid").map((each) => each.total_cents));
  const sold = sum(ledger.orders.filter(({ state }) => state === "confirmed").map((each) => each.total_cents));
  return charged === paid && paid === sold
    ? []
    : [`the provider took ${charged}, invoices say ${paid}, orders say ${sold}`];
}
