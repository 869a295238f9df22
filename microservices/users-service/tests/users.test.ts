import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkAccess, fuzzService } from "@fairway/kit";
import { pactIsMissing, pactsWith, verifyProvider } from "@fairway/pact";
import { startFixture } from "./users-fixture.ts";
import type { Fixture } from "./users-fixture.ts";

let users: Fixture;

before(async () => {
  users = await startFixture();
});

after(() => users.close());

let people = 0;

function newcomer(...roles: readonly string[]): string {
  const subject = `01900000-0000-7000-8000-${String(++people).padStart(12, "0")}`;
  return users.tokens.tokenFor(subject, ["customer", ...roles]);
}

const home = { name: "Ada", street: "Quay 1", city: "Genova", postcode: "16128", country: "IT" };

async function addressesOf(token: string): Promise<readonly { id: string }[]> {
  return JSON.parse((await users.call("GET", "/users/me/addresses", { token })).text).items;
}

test("a profile is empty until it is written, and then as written", async () => {
  const token = newcomer();
  assert.equal(JSON.parse((await users.call("GET", "/users/me", { token })).text).name, "");
  await users.call("PUT", "/users/me", { token, body: { name: "Ada", phone: "+39 010 1" } });
  const found = JSON.parse((await users.call("GET", "/users/me", { token })).text);
  assert.deepEqual([found.name, found.phone], ["Ada", "+39 010 1"]);
});

test("nobody sees or removes an address of somebody else", async () => {
  const [ada, bob] = [newcomer(), newcomer()];
  await users.call("POST", "/users/me/addresses", { token: ada, body: home });
  const [address] = await addressesOf(ada);
  assert.ok(address);
  assert.deepEqual(await addressesOf(bob), []);
  assert.equal((await users.call("DELETE", `/users/me/addresses/${address.id}`, { token: bob })).status, 404);
  assert.equal((await addressesOf(ada)).length, 1);
  assert.equal((await users.call("DELETE", `/users/me/addresses/${address.id}`, { token: ada })).status, 204);
  assert.deepEqual(await addressesOf(ada), []);
});

test("the number of addresses is bounded, also when many come at once", async () => {
  const token = newcomer();
  const post = () => users.call("POST", "/users/me/addresses", { token, body: home });
  const answers = await Promise.all(Array.from({ length: 24 }, post));
  assert.equal(answers.filter((each) => each.status === 201).length, 20);
  assert.equal(answers.filter((each) => each.status === 409).length, 4);
});

test("erasing forgets everything", async () => {
  const token = newcomer();
  await users.call("PUT", "/users/me", { token, body: { name: "Ada", phone: "" } });
  await users.call("POST", "/users/me/addresses", { token, body: home });
  assert.equal((await users.call("DELETE", "/users/me", { token })).status, 204);
  assert.equal(JSON.parse((await users.call("GET", "/users/me", { token })).text).name, "");
  assert.deepEqual(await addressesOf(token), []);
});

test("an admin reads profiles page by page", async () => {
  const admin = newcomer("admin");
  for (const token of [newcomer(), newcomer()])
    await users.call("PUT", "/users/me", { token, body: { name: "x", phone: "" } });
  const first = JSON.parse((await users.call("GET", "/users?limit=1", { token: admin })).text).items[0];
  const next = JSON.parse((await users.call("GET", `/users?limit=1&after=${first.subject}`, { token: admin })).text)
    .items[0];
  assert.ok(next.subject > first.subject);
  const one = JSON.parse((await users.call("GET", `/users/${next.subject}`, { token: admin })).text);
  assert.equal(one.subject, next.subject);
  assert.equal((await users.call("GET", "/users", { token: newcomer() })).status, 403);
});

test("every route refuses whoever may not call it", async () => {
  assert.deepEqual((await checkAccess(users.service, users.tokens)).failures, []);
});

test("no request, however odd, brings a 5xx or shows the inside", async () => {
  const report = await fuzzService(users.service, { seed: 11, rounds: 60, tokenFor: (roles) => newcomer(...roles) });
  assert.deepEqual(report.failures, []);
  assert.equal(report.reached.length, 7, `reached ${report.reached.join(", ")}`);
});

test("what others rely on is kept", { skip: pactIsMissing() }, async () => {
  await verifyProvider({
    name: "users-service",
    pacts: pactsWith("users-service", join(import.meta.dirname, "../..")),
    handle: (request) => users.service.handle(request),
    prepare: (request) => {
      if (request.headers.has("authorization")) request.headers.set("authorization", `Bearer ${newcomer()}`);
      return request;
    },
  });
});
