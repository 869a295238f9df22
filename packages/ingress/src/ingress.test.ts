import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { askHost } from "./tests/ask.ts";
import { rules, startShop } from "./tests/shop.ts";
import type { Shop } from "./tests/shop.ts";
import { until } from "./tests/until.ts";

describe("ingress", () => {
  let shop: Shop;
  before(async () => {
    shop = await startShop();
    for (const name of ["orders", "catalog"]) {
      await shop.addService(name);
      await shop.addPod(name, `${name}-1`, (request, response) => {
        response.end(`${name} ${request.url ?? ""} ${request.headers.host ?? ""}`);
      });
    }
    await shop.addIngress("shop", { rules: [rules("shop.localhost", { "/": "catalog", "/orders": "orders" })] });
    await until(async () => (await askHost(shop.ingress.url, "shop.localhost")).status === 200);
  });
  after(() => shop.close());

  test("leads by host and path to the pods of a service", async () => {
    const catalog = await askHost(`${shop.ingress.url}/items?page=2`, "shop.localhost:8080");
    assert.equal(catalog.text, "catalog /items?page=2 shop.localhost:8080");
    const orders = await askHost(`${shop.ingress.url}/orders/7`, "SHOP.localhost");
    assert.equal(orders.text, "orders /orders/7 SHOP.localhost");
  });

  test("says which hosts there are when the host is unknown", async () => {
    const answer = await askHost(shop.ingress.url, "nowhere.localhost");
    assert.equal(answer.status, 404);
    assert.match(
      answer.text,
      /no Ingress has a rule for the host "nowhere.localhost"[\s\S]*hosts with rules: shop.localhost/u,
    );
  });
});
