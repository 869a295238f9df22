import assert from "node:assert/strict";
import { test } from "node:test";
import { randomUid } from "./random-uid.ts";

test("a uid is a UUID of version 4, and no other is the same, also after the store of random bytes was filled again", () => {
  const seen = new Set<string>();
  for (let count = 0; count < 2_000; count++) {
    const uid = randomUid();
    assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    seen.add(uid);
  }
  assert.equal(seen.size, 2_000);
});
