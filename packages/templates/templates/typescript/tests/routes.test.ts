import assert from "node:assert/strict";
import { test } from "node:test";
import { findRoute } from "../src/route.ts";
import { routes } from "../src/routes.ts";

test("greets by name", async () => {
  const match = findRoute(routes, "GET", "/greetings/ann%20b");
  assert.ok(match);
  const reply = await match.route.handle({ params: match.params, query: new URLSearchParams(), body: null });
  assert.deepEqual(reply, { status: 200, body: { message: "Hello, ann b" } });
});

test("refuses a greeting without a name", async () => {
  const match = findRoute(routes, "POST", "/greetings");
  assert.ok(match);
  const { handle } = match.route;
  assert.throws(() => handle({ params: {}, query: new URLSearchParams(), body: {} }), { status: 400 });
});
