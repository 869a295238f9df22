import assert from "node:assert/strict";
import { test } from "node:test";
import { Ledger } from "./ledger.ts";

test("a ledger counts what is missed and what comes twice", () => {
  const ledger = new Ledger(1);
  for (const number of [1, 2, 2, 5, 4]) ledger.note("a", number);
  assert.deepEqual([ledger.seen, ledger.missed, ledger.twice], [3, 2, 2]);
});

test("a ledger is complete when the last change of every object was seen or missed", () => {
  const ledger = new Ledger(1);
  ledger.note("a", 49);
  assert.equal(ledger.isComplete, false);
  ledger.note("a", 50);
  assert.equal(ledger.isComplete, true);
});
