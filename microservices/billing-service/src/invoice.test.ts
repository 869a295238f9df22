import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "./invoice.ts";
import type { ChargeStatus, InvoiceState } from "./invoice.ts";

const words: readonly ChargeStatus[] = ["pending", "succeeded", "declined", "voided", "refunded"];

test("what is settled stays settled, whatever the provider says later", () => {
  for (const state of ["paid", "failed", "void", "refunded"] as const) {
    for (const word of words) assert.deepEqual(settle(state, word), { kind: "unchanged" });
  }
});

test("an open invoice is paid by one word only, and each other end is a failure that is told", () => {
  assert.deepEqual(settle("issued", "succeeded"), { kind: "changed", state: "paid", announce: "InvoicePaid" });
  assert.deepEqual(settle("issued", "pending"), { kind: "open" });
  for (const word of ["declined", "voided", "refunded"] as const) {
    assert.deepEqual(settle("issued", word), { kind: "changed", state: "failed", announce: "PaymentFailed" });
  }
});

test("a reversal ends when no money is there any more, and says nothing", () => {
  const ends = words.map((word): InvoiceState | "open" => {
    const settlement = settle("reversing", word);
    return settlement.kind === "changed" && settlement.announce === undefined ? settlement.state : "open";
  });
  assert.deepEqual(ends, ["open", "open", "void", "void", "refunded"]);
});
