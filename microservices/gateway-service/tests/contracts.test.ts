// What the gateway and the storefront behind it rely on at each service, asked through the gateway's own forwarding.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { consumeHttp, eachLike, integer, like, matching, oneOf, pactIsMissing, timestamp, uuid } from "@fairway/pact";
import { startFixture } from "./gateway-fixture.ts";
import type { HttpExchange } from "@fairway/pact";

const folder = join(import.meta.dirname, "../pacts");
const skip = pactIsMissing();
const id = "01900000-0000-7000-8000-000000000001";
const account = { email: "ann@shop.example", password: "a long enough password" };
const token = matching("^Bearer .+$", "Bearer example");
const json = { "content-type": "application/json" };

/** What a caller sends through the gateway; the token of the example becomes a real one. */
async function ask(behind: string, exchange: HttpExchange): Promise<void> {
  const shop = await startFixture(
    Object.fromEntries(
      ["AUTH", "USERS", "PRODUCTS", "INVENTORY", "ORDERS", "BILLING"].map((each) => [`${each}_URL`, behind]),
    ),
  );
  try {
    const { method, path, query = [], headers: wanted, body } = exchange.request;
    const headers: Record<string, string> = body === undefined ? {} : { ...json };
    if (wanted?.["authorization"]) headers["authorization"] = `Bearer ${shop.tokens.tokenFor("ann", ["customer"])}`;
    if (wanted?.["idempotency-key"]) headers["idempotency-key"] = "one key";
    const search = query.length === 0 ? "" : `?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`;
    const answer = await shop.call(
      method,
      `${path}${search}`,
      headers,
      body === undefined ? undefined : JSON.stringify(body),
    );
    assert.equal(answer.status, exchange.response.status, await answer.text());
  } finally {
    await shop.close();
  }
}

const order = {
  id: uuid(id),
  state: oneOf("pending", "reserved", "invoiced", "confirmed", "cancelled"),
  items: eachLike({ productId: uuid(id), name: like("Anchor"), quantity: integer(2), unitPriceCents: integer(4_900) }),
  totalCents: integer(9_800),
  currency: matching("^[A-Z]{3}$", "EUR"),
  createdAt: timestamp(),
};

const edges: Readonly<Record<string, readonly HttpExchange[]>> = {
  "auth-service": [
    {
      description: "a new account",
      given: "Bob has no account",
      request: { method: "POST", path: "/auth/register", body: { ...account, email: "bob@shop.example" } },
      response: { status: 201, body: { id: uuid(), email: "bob@shop.example", roles: ["customer"] } },
    },
    {
      description: "a login",
      given: "Ann has an account",
      request: { method: "POST", path: "/auth/login", body: account },
      response: {
        status: 200,
        body: { accessToken: like("a.b.c"), tokenType: "Bearer", expiresIn: integer(900), refreshToken: like("x") },
      },
    },
    {
      description: "a login with another password",
      given: "Ann has an account",
      request: { method: "POST", path: "/auth/login", body: { ...account, password: "not the password" } },
      response: {
        status: 401,
        body: { status: 401, title: like("Unauthorized") },
        contentType: "application/problem+json",
      },
    },
    {
      description: "the keys that tokens are signed with",
      request: { method: "GET", path: "/auth/jwks.json" },
      response: {
        status: 200,
        body: { keys: eachLike({ kid: like("k"), kty: like("OKP"), alg: like("EdDSA"), x: like("AA") }) },
      },
    },
  ],
  "users-service": [
    {
      description: "the profile of the caller",
      request: { method: "GET", path: "/users/me", headers: { authorization: token } },
      response: { status: 200, body: { subject: uuid(), name: like("Ann"), phone: like("+49 30 1234") } },
    },
    {
      description: "the profile of nobody",
      request: { method: "GET", path: "/users/me" },
      response: { status: 401, body: { status: 401 }, contentType: "application/problem+json" },
    },
  ],
  "products-service": [
    {
      description: "the first page of what is sold",
      given: "the first goods are on the shelves",
      request: {
        method: "GET",
        path: "/products",
        query: [
          ["limit", "24"],
          ["sort", "name"],
        ],
      },
      response: {
        status: 200,
        body: {
          items: eachLike({
            id: uuid(),
            name: like("Anchor"),
            description: like("Holds"),
            category: like("deck"),
            priceCents: integer(4_900),
            currency: matching("^[A-Z]{3}$", "EUR"),
            emblem: like("anchor"),
          }),
        },
      },
    },
    {
      description: "the shelves",
      given: "the first goods are on the shelves",
      request: { method: "GET", path: "/categories" },
      response: {
        status: 200,
        body: { items: eachLike({ slug: like("deck"), name: like("Deck"), products: integer(3) }) },
      },
    },
  ],
  "inventory-service": [
    {
      description: "how much there is of a product",
      given: "the first goods are on the shelves",
      request: { method: "GET", path: `/inventory/${id}` },
      response: {
        status: 200,
        body: { productId: id, onHand: integer(5), reserved: integer(1), available: integer(4) },
      },
    },
    {
      description: "how much there is of what was never sold",
      request: { method: "GET", path: "/inventory/01900000-0000-7000-8000-00000000ffff" },
      response: { status: 404, body: { status: 404 }, contentType: "application/problem+json" },
    },
  ],
  "orders-service": [
    {
      description: "a new order",
      given: "the anchor is sold",
      request: {
        method: "POST",
        path: "/orders",
        headers: { authorization: token, "idempotency-key": like("one key") },
        body: { items: [{ productId: id, quantity: 2 }] },
      },
      response: {
        status: 201,
        headers: { location: matching("^/orders/[0-9a-f-]{36}$", `/orders/${id}`) },
        body: order,
      },
    },
    {
      description: "the orders of the caller",
      given: "the caller has an order",
      request: { method: "GET", path: "/orders", headers: { authorization: token } },
      response: { status: 200, body: { items: eachLike(order) } },
    },
    {
      description: "an order of somebody else",
      request: { method: "GET", path: `/orders/${id}`, headers: { authorization: token } },
      response: { status: 404, body: { status: 404 }, contentType: "application/problem+json" },
    },
  ],
  "billing-service": [
    {
      description: "the invoices of the caller",
      given: "the caller has an invoice",
      request: { method: "GET", path: "/billing/invoices", headers: { authorization: token } },
      response: {
        status: 200,
        body: {
          items: eachLike({
            id: uuid(),
            orderId: uuid(),
            totalCents: integer(9_800),
            currency: matching("^[A-Z]{3}$", "EUR"),
            state: oneOf("issued", "paid", "failed", "reversing", "void", "refunded"),
          }),
        },
      },
    },
  ],
};

for (const [provider, exchanges] of Object.entries(edges)) {
  test(`gateway-service -> ${provider}: what is asked and what is relied on`, { skip }, async () => {
    const document: HttpExchange = {
      description: "what the service offers",
      request: { method: "GET", path: "/openapi.json" },
      response: {
        status: 200,
        body: { openapi: "3.1.0", info: like({ title: "t", version: "1" }), paths: like({}), components: like({}) },
      },
    };
    await consumeHttp(
      { consumer: "gateway-service", provider, folder, exchanges: [...exchanges, document] },
      async (url) => {
        for (const exchange of exchanges) await ask(url, exchange);
        await askForDocument(url);
      },
    );
  });
}

/** Every service is asked at the same address here, so one answer stands for all. */
async function askForDocument(url: string): Promise<void> {
  const shop = await startFixture(
    Object.fromEntries(
      ["AUTH", "USERS", "PRODUCTS", "INVENTORY", "ORDERS", "BILLING"].map((each) => [`${each}_URL`, url]),
    ),
  );
  try {
    const answer = await shop.call("GET", "/openapi.json");
    const document: { info: { description: string } } = JSON.parse(await answer.text());
    assert.equal(document.info.description, "All services behind the gateway.");
  } finally {
    await shop.close();
  }
}
