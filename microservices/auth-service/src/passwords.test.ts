import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, isOutdated, passwordMatches } from "./passwords.ts";

test("a password matches its hash, another one does not", async () => {
  const stored = await hashPassword("correct horse");
  assert.equal(await passwordMatches("correct horse", stored), true);
  assert.equal(await passwordMatches("correct hors", stored), false);
  assert.notEqual(stored, await hashPassword("correct horse"), "each hash has its own salt");
});

test("the same letters typed on another keyboard are the same password", async () => {
  assert.equal(await passwordMatches("caf\u0065\u0301 au lait", await hashPassword("caf\u00e9 au lait")), true);
});

test("a hash of another cost still matches and is known to be outdated", async () => {
  // The vector of the reference implementation for "password" and "somesalt".
  const stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  assert.equal(await passwordMatches("password", stored), true);
  assert.equal(isOutdated(stored), true);
  assert.equal(isOutdated(await hashPassword("password")), false);
});

test("what is no hash of ours is an error, not a mismatch", async () => {
  await assert.rejects(passwordMatches("x", "plain text"), /not in the form/);
});
