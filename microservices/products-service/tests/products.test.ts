import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkAccess, fuzzService } from "@fairway/kit";
import { pactIsMissing, pactsWith, verifyProvider } from "@fairway/pact";
import { startFixture } from "./products-fixture.ts";
import type { Fixture } from "./products-fixture.ts";
import type { Page, Product } from "../src/catalogue.ts";

let shop: Fixture;
let admin: string;

before(async () => {
  shop = await startFixture();
  admin = shop.tokens.tokenFor("01900000-0000-7000-8000-0000000000aa", ["admin"]);
});

after(() => shop.close());

const kite = { name: "Kite", description: "Flies", category: "deck", priceCents: 990, currency: "EUR", emblem: "kite" };

async function list(query: string): Promise<Page> {
  const answer = await shop.call("GET", `/products${query}`);
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(answer.text);
}

async function names(query: string): Promise<readonly string[]> {
  return (await list(query)).items.map((each) => each.name);
}

async function add(changes: Partial<typeof kite> = {}): Promise<Product> {
  const answer = await shop.call("POST", "/products", { body: { ...kite, ...changes }, token: admin });
  assert.equal(answer.status, 201, answer.text);
  return JSON.parse(answer.text);
}

describe("listing", () => {
  test("finds words in any form, and beginnings while somebody types", async () => {
    assert.deepEqual(await names("?search=lanterns"), ["Storm lantern"]);
    assert.deepEqual(await names("?search=comp"), ["Brass compass"]);
    assert.deepEqual(await names("?search=%25"), []);
    assert.deepEqual(await names("?category=charts&sort=price"), ["Tide tables", "Logbook", "Harbour chart"]);
  });

  for (const sort of ["name", "price", "-price"]) {
    test(`pages by ${sort} show every product once`, async () => {
      const whole = await names(`?sort=${sort}&limit=50`);
      const paged: string[] = [];
      let next: string | undefined = "";
      while (next !== undefined) {
        const page: Page = await list(`?sort=${sort}&limit=3${next === "" ? "" : `&cursor=${next}`}`);
        paged.push(...page.items.map((each) => each.name));
        next = page.next;
      }
      assert.deepEqual(paged, whole);
      assert.equal(new Set(paged).size, paged.length);
    });
  }

  test("a cursor of another listing is refused", async () => {
    const { next } = await list("?limit=1&sort=name");
    assert.equal((await shop.call("GET", `/products?limit=1&sort=price&cursor=${next}`)).status, 400);
    assert.equal((await shop.call("GET", "/products?cursor=nonsense")).status, 400);
  });

  test("the lines of an order are asked for at once", async () => {
    const ids = ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000005"];
    assert.deepEqual(await names(`?ids=${ids.join(",")}`), ["Anchor, 10 kg", "Harbour chart"]);
  });
});

describe("editing", () => {
  test("a new product is on its shelf", async () => {
    const made = await add({ name: "Dragon kite" });
    const found = await shop.call("GET", `/products/${made.id}`);
    assert.deepEqual(JSON.parse(found.text), made);
    assert.equal(found.headers.get("etag"), '"1"');
  });

  test("of two editors who saw the same the second is told", async () => {
    const made = await add();
    const put = (priceCents: number) =>
      shop.call("PUT", `/products/${made.id}`, {
        body: { ...kite, priceCents },
        token: admin,
        headers: { "if-match": '"1"' },
      });
    const answers = await Promise.all([put(1_000), put(2_000)]);
    assert.deepEqual(answers.map((each) => each.status).toSorted(), [200, 412]);
    const price = JSON.parse((await shop.call("GET", `/products/${made.id}`)).text).priceCents;
    assert.equal(price, JSON.parse(answers.find((each) => each.status === 200)?.text ?? "").priceCents);
  });

  test("a change is seen at once, also by those who were answered from the cache", async () => {
    const made = await add();
    await shop.call("GET", `/products/${made.id}`);
    const body = { ...kite, name: "Better kite" };
    await shop.call("PUT", `/products/${made.id}`, { body, token: admin, headers: { "if-match": '"1"' } });
    assert.equal(JSON.parse((await shop.call("GET", `/products/${made.id}`)).text).name, "Better kite");
    await shop.call("DELETE", `/products/${made.id}`, { token: admin });
    assert.equal((await shop.call("GET", `/products/${made.id}`)).status, 404);
  });

  test("a category has to be there, and counts what is on it", async () => {
    const answer = await shop.call("POST", "/products", { body: { ...kite, category: "nowhere" }, token: admin });
    assert.equal(answer.status, 400);
    const { items } = JSON.parse((await shop.call("GET", "/categories")).text);
    const total = items.reduce((sum: number, each: { products: number }) => sum + each.products, 0);
    assert.equal(total, (await list("?limit=50")).items.length);
  });
});

test("what others rely on is kept", { skip: pactIsMissing() }, async () => {
  await verifyProvider({
    name: "products-service",
    pacts: pactsWith("products-service", join(import.meta.dirname, "../..")),
    handle: (request) => shop.service.handle(request),
    states: { "the first goods are on the shelves": async () => undefined },
  });
});

test("every route refuses whoever may not call it", async () => {
  assert.deepEqual((await checkAccess(shop.service, shop.tokens)).failures, []);
});

test("no request, however odd, brings a 5xx or shows the inside", async () => {
  const report = await fuzzService(shop.service, {
    seed: 12,
    rounds: 80,
    tokenFor: (roles) => shop.tokens.tokenFor("01900000-0000-7000-8000-0000000000aa", roles),
  });
  assert.deepEqual(report.failures, []);
  assert.ok(report.reached.includes("POST /products") && report.reached.includes("GET /products"));
});
