import assert from "node:assert/strict";
import { test } from "node:test";
import { nameComparisonsMax } from "./limits.ts";
import { nearestName, NearestNames } from "./nearest-name.ts";

test("the nearest name is one slip of the fingers away: a letter too many, too few, changed, or two swapped", () => {
  const names = ["inventory", "billing", "orders"];
  for (const slip of ["inventoryy", "inventry", "invantory", "invnetory", "INVENTORY"]) {
    assert.equal(nearestName(slip, names), "inventory", slip);
  }
});

test("of several near names the nearest is given, and the first of equals", () => {
  assert.equal(nearestName("order", ["border", "orders", "ordre"]), "border");
  assert.equal(nearestName("orders", ["border", "orders-2", "orders"]), "orders");
  assert.equal(nearestName("rolling-bck", ["rollin-back", "rolling-back"]), "rolling-back");
});

test("nothing near enough is no hint", () => {
  assert.equal(nearestName("payments", ["orders", "p", "paym"]), undefined);
  assert.equal(nearestName("", []), undefined);
});

test("hints for a platform stop when they have cost their budget, and what was looked up stays known", () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `name-${index}`);
  const nearest = new NearestNames(names);
  assert.equal(nearest.of("nmae-17"), "name-17");
  for (let lookups = 1; lookups < nameComparisonsMax / names.length; lookups++) nearest.of(`x${lookups}`);
  assert.equal(nearest.of("nmae-18"), undefined);
  assert.equal(nearest.of("nmae-17"), "name-17");
});
