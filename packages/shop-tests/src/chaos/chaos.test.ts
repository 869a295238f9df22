// The small form of the chaos command, for every build.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { describe, test } from "node:test";
import { brokenInvariants } from "./invariants.ts";
import { runChaos } from "./run-chaos.ts";
import type { Expectation } from "./invariants.ts";
import type { Ledger } from "./ledger.ts";

test("60 orders in a shop that is being destroyed all end, with one reservation and one payment each", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "shop-chaos-"));
  try {
    // Every build does the same; the command tries another one each time.
    const seed = Number(process.env["CHAOS_SEED"] ?? 1);
    const report = await runChaos({ folder, orders: 60, seed, pauseMs: 300, say: (line) => context.diagnostic(line) });
    assert.deepEqual(report.broken, [], `CHAOS_SEED=${seed} tries the same again`);
    assert.equal(report.placed, 60);
    context.diagnostic(JSON.stringify(report));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("the books", () => {
  const order = { id: "o1", state: "confirmed", reason: null, total_cents: 500 };
  const items = [{ productId: "p", quantity: 2 }];
  const good: Ledger = {
    orders: [order],
    reservations: [{ order_id: "o1", state: "taken", items }],
    stock: [{ product_id: "p", on_hand: 8, reserved: 0 }],
    invoices: [{ id: "i1", order_id: "o1", state: "paid", total_cents: 500 }],
    charges: [{ reference: "i1", status: "succeeded", amount_cents: 500 }],
    deadLetters: 0,
  };
  const expectation = (changes: Partial<Ledger> = {}): Expectation => ({
    ledger: { ...good, ...changes },
    stockBefore: [{ product_id: "p", on_hand: 10, reserved: 0 }],
    placed: new Set(["o1"]),
  });

  test("are right when everything adds up", () => {
    assert.deepEqual(brokenInvariants(expectation()), []);
  });

  for (const [title, changes, found] of [
    ["an order that was promised and is lost", { orders: [] }, /promised and is lost/],
    ["an order that never ended", { orders: [{ ...order, state: "reserved" }] }, /has not ended: reserved/],
    ["an order that was placed twice", { orders: [order, { ...order, id: "o2" }] }, /o2 was placed twice/],
    [
      "goods that were sold twice",
      { stock: [{ product_id: "p", on_hand: 6, reserved: 0 }] },
      /there are 6, and should be 8/,
    ],
    ["a stock below nothing", { stock: [{ product_id: "p", on_hand: -1, reserved: 0 }] }, /is negative/],
    ["goods that are kept for nobody", { stock: [{ product_id: "p", on_hand: 8, reserved: 1 }] }, /kept for nobody/],
    ["a confirmed order without its goods", { reservations: [] }, /its goods are unknown/],
    ["a sale that was not paid", { charges: [] }, /its charge undefined/],
    [
      "another amount than agreed",
      { charges: [{ reference: "i1", status: "succeeded", amount_cents: 400 }] },
      /another amount/,
    ],
    ["money for a cancelled order", { orders: [{ ...order, state: "cancelled" }] }, /is cancelled, its invoice paid/],
    ["messages that were given up", { deadLetters: 2 }, /2 messages were given up/],
  ] as const) {
    test(`show ${title}`, () => {
      assert.match(brokenInvariants(expectation(changes)).join("\n"), found);
    });
  }
});
