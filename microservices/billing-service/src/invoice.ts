export type InvoiceState = "issued" | "paid" | "failed" | "reversing" | "void" | "refunded";

export interface Invoice {
  readonly id: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly totalCents: number;
  readonly currency: string;
  readonly state: InvoiceState;
  readonly createdAt: string;
}

/** What the provider says about a charge. */
export type ChargeStatus = "pending" | "succeeded" | "declined" | "voided" | "refunded";

export type Settlement =
  | { readonly kind: "changed"; readonly state: InvoiceState; readonly announce?: "InvoicePaid" | "PaymentFailed" }
  | { readonly kind: "open" }
  | { readonly kind: "unchanged" };

/** What a word of the provider makes of an invoice. Words may come twice, late, and in any order. */
export function settle(state: InvoiceState, status: ChargeStatus): Settlement {
  if (state === "issued") {
    if (status === "succeeded") return { kind: "changed", state: "paid", announce: "InvoicePaid" };
    if (status === "pending") return { kind: "open" };
    return { kind: "changed", state: "failed", announce: "PaymentFailed" };
  }
  if (state === "reversing") {
    if (status === "refunded") return { kind: "changed", state: "refunded" };
    if (status === "voided" || status === "declined") return { kind: "changed", state: "void" };
    return { kind: "open" };
  }
  return { kind: "unchanged" };
}
