import assert from "node:assert/strict";
import { test } from "node:test";
import { createRateLimit } from "./rate-limit.ts";
import { limits } from "../limits.ts";

test("a burst is let through, then as much as comes back", () => {
  let now = 0;
  const limit = createRateLimit({ perSecond: 2, burst: 3, now: () => now });
  assert.deepEqual([limit.take("a"), limit.take("a"), limit.take("a")], [0, 0, 0]);
  assert.equal(limit.take("a"), 0.5);
  assert.equal(limit.take("b"), 0, "others have their own bucket");
  now = 500;
  assert.equal(limit.take("a"), 0);
  assert.ok(limit.take("a") > 0);
  now = 1_000_000;
  assert.deepEqual([limit.take("a"), limit.take("a"), limit.take("a")], [0, 0, 0]);
  assert.ok(limit.take("a") > 0, "waiting for long does not make the bucket larger");
});

test("the memory is bounded: whoever was seen longest ago is forgotten", () => {
  const limit = createRateLimit({ perSecond: 1, burst: 1, now: () => 0 });
  limit.take("first");
  assert.ok(limit.take("first") > 0);
  for (let index = 0; index < limits.rateKeysMax; index++) limit.take(`other ${index}`);
  assert.equal(limit.take("first"), 0);
});
