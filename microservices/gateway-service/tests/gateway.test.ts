import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startFixture } from "./gateway-fixture.ts";
import type { Fixture } from "./gateway-fixture.ts";

let shop: Fixture;

before(async () => {
  shop = await startFixture();
});

after(() => shop.close());

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("forwarding", () => {
  test("a request arrives as it was sent, in its trace, and with the time that is left", async () => {
    const token = shop.tokens.tokenFor("ada", ["customer"]);
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": "k1",
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    };
    const response = await shop.call("POST", "/orders?x=%20y", headers, `{"items": []}`);
    const arrived = shop.seen.at(-1);
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("location"), "/orders/1");
    assert.equal(arrived?.target, "/orders?x=%20y");
    assert.equal(arrived?.body, `{"items": []}`);
    assert.equal(arrived?.headers["authorization"], `Bearer ${token}`);
    assert.equal(arrived?.headers["idempotency-key"], "k1");
    assert.match(String(arrived?.headers["traceparent"]), new RegExp(`^00-${traceId}-`));
    assert.ok(Number(arrived?.headers["x-request-timeout-ms"]) <= 10_000);
  });

  test("an answer comes back with who made it, and problems stay problems", async () => {
    const found = await shop.call("GET", "/products/7");
    assert.deepEqual(await found.json(), { id: "7" });
    assert.equal(found.headers.get("etag"), '"3"');
    assert.equal(found.headers.get("x-service-version"), "behind/7.7.7");
    assert.match(found.headers.get("via") ?? "", /gateway-service/);
    const missing = await shop.call("GET", "/products/none");
    assert.equal(missing.status, 404);
    assert.equal(missing.headers.get("content-type"), "application/problem+json");
    assert.equal((await shop.call("DELETE", "/users/me")).status, 204);
  });

  test("nobody writes down somebody else's address or another way through", async () => {
    await shop.call("GET", "/products/7", { "x-forwarded-for": "1.2.3.4", forwarded: "for=1.2.3.4" });
    assert.equal(shop.seen.at(-1)?.headers["x-forwarded-for"], "127.0.0.1");
    assert.equal(shop.seen.at(-1)?.headers["forwarded"], undefined);
  });

  test("a bad token ends here, whatever the path", async () => {
    const before = shop.seen.length;
    for (const [what, token] of Object.entries(shop.tokens.badTokens("ada", ["admin"]))) {
      const response = await shop.call("GET", "/products/7", { authorization: `Bearer ${token}` });
      assert.equal(response.status, 401, what);
    }
    assert.equal(shop.seen.length, before);
  });

  test("what services ask of each other cannot be asked from outside", async () => {
    const token = shop.tokens.tokenFor("root", ["admin", "service"]);
    const before = shop.seen.length;
    for (const path of ["/inventory/reserve", "/inventory/reserve/", "/inventory/reserve?x=1", "/inventory/release"]) {
      assert.equal((await shop.call("POST", path, { authorization: `Bearer ${token}` })).status, 404, path);
    }
    assert.equal(shop.seen.length, before);
  });

  test("a body that is too large and a path that leads nowhere are answered here", async () => {
    const headers = { "content-type": "application/json" };
    assert.equal((await shop.call("POST", "/orders", headers, `"${"x".repeat(300_000)}"`)).status, 413);
    assert.equal((await shop.call("GET", "/elsewhere")).status, 404);
    assert.equal((await shop.call("GET", "/ordersx")).status, 404);
  });
});

test("a service that is not there is 502 and names it, and the others go on", async () => {
  const apart = await startFixture({ ORDERS_URL: "http://127.0.0.1:9" });
  const response = await apart.call("GET", "/orders/1");
  assert.equal(response.status, 502);
  const text = await response.text();
  assert.match(text, /the orders-service cannot be reached/);
  assert.doesNotMatch(text, /127\.0\.0\.1|ECONNREFUSED/);
  assert.equal((await apart.call("GET", "/products/7")).status, 200);
  assert.equal((await apart.call("GET", "/readyz")).status, 200);
  await apart.close();
});

test("the document shows what can be reached, and says who is missing", async () => {
  const whole = await (await shop.call("GET", "/openapi.json")).json();
  assert.deepEqual(Object.keys(Object(whole).paths).toSorted(), ["/orders", "/products/{id}", "/users/me"]);
  const apart = await startFixture({ ORDERS_URL: "http://127.0.0.1:9" });
  const partial = await (await apart.call("GET", "/openapi.json")).text();
  assert.match(partial, /Not answering for the moment: orders-service/);
  await apart.close();
});

test("pages of other origins may call when they are listed", async () => {
  const listed = await shop.call("GET", "/products/7", { origin: "https://pages.example" });
  assert.equal(listed.headers.get("access-control-allow-origin"), "https://pages.example");
  const other = await shop.call("GET", "/products/7", { origin: "https://evil.example" });
  assert.equal(other.headers.get("access-control-allow-origin"), null);
});

test("floods are held off", async () => {
  const small = await startFixture({ RATE_PER_SECOND: "0.01", RATE_BURST: "3" });
  const statuses = await Promise.all(
    Array.from({ length: 5 }, async () => (await small.call("GET", "/products/7")).status),
  );
  assert.deepEqual(statuses.toSorted(), [200, 200, 200, 429, 429]);
  await small.close();
});

describe("storefront", () => {
  test("the page comes with a policy that lets nothing else run", async () => {
    const page = await shop.call("GET", "/");
    assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'self'/);
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
    assert.doesNotMatch(await page.text(), /<script>|style=|onclick=/);
  });

  test("every file that the page and its modules name is there", async () => {
    const names = [...(await (await shop.call("GET", "/")).text()).matchAll(/(?:src|href)="(\/[^"]+\.\w+)"/g)];
    const seen = new Set(names.map(([, path = ""]) => path).filter((path) => path !== "/openapi.json"));
    for (const path of seen) {
      const response = await shop.call("GET", path);
      assert.equal(response.status, 200, path);
      for (const [, name = ""] of (await response.text()).matchAll(/from "\.(\/[^"]+)"/g)) seen.add(name);
    }
    assert.ok(seen.size >= 8, [...seen].join(", "));
  });

  test("what a browser has already is not sent again", async () => {
    const etag = (await shop.call("GET", "/store.css")).headers.get("etag") ?? "";
    const again = await shop.call("GET", "/store.css", { "if-none-match": etag });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
  });
});
