import assert from "node:assert/strict";
import { test } from "node:test";
import { nextState, openStates } from "./order-state.ts";
import type { OrderCause, OrderState } from "./order-state.ts";

const causes: readonly OrderCause[] = [
  "StockReserved",
  "StockRejected",
  "StockReleased",
  "InvoiceIssued",
  "InvoicePaid",
  "PaymentFailed",
  "CustomerCancelled",
  "TimeOver",
];

function walk(words: readonly OrderCause[]): OrderState {
  return words.reduce<OrderState>((state, cause) => nextState(state, cause) ?? state, "pending");
}

test("the words of a good end lead there in every order in which they can come", () => {
  // Billing speaks in its own order; the stock speaks at any time between.
  const billing: readonly OrderCause[] = ["InvoiceIssued", "InvoicePaid"];
  for (let at = 0; at <= billing.length; at++) {
    assert.equal(walk(billing.toSpliced(at, 0, "StockReserved")), "confirmed");
  }
});

test("no word opens an order that has ended, and only returned goods undo a confirmed one", () => {
  for (const cause of causes) {
    assert.equal(nextState("cancelled", cause), undefined);
    assert.equal(nextState("confirmed", cause), cause === "StockReleased" ? "cancelled" : undefined);
  }
});

test("every open order can be ended by its customer, by time and by each refusal", () => {
  const ends: readonly OrderCause[] = [
    "CustomerCancelled",
    "TimeOver",
    "StockRejected",
    "StockReleased",
    "PaymentFailed",
  ];
  for (const state of openStates) for (const cause of ends) assert.equal(nextState(state, cause), "cancelled");
});
