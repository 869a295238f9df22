// The shop in the embedded cluster of `fairway up`, walked through from outside.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { buyInBrowser, findBrowser } from "./storefront-visit.ts";
import { startUp } from "./up-process.ts";
import { walkThrough } from "./walk/walk.ts";
import type { UpProcess } from "./up-process.ts";

const services = ["auth", "billing", "gateway", "inventory", "orders", "products", "users"];

describe("the shop that fairway up runs", () => {
  let up: UpProcess;

  before(async () => {
    up = await startUp();
  });

  after(() => up?.down());

  test("is as a customer wants it, through the ingress", async (context) => {
    const { steps, versions } = await walkThrough({ door: up.door, waitMs: 60_000 });
    assert.deepEqual(
      steps.filter(({ problem }) => problem !== undefined),
      [],
    );
    assert.deepEqual(
      Object.entries(versions),
      services.map((name) => [`${name}-service`, "0.1.0"]),
    );
    for (const { name, ms } of steps) context.diagnostic(`${name}: ${ms} ms`);
  });

  test("sells something to a person with a browser", { skip: findBrowser().reason }, async () => {
    const visit = await buyInBrowser(up.door);
    assert.deepEqual(visit.steps, ["placed", "goods kept", "invoiced", "paid"]);
    assert.deepEqual(visit.problems, []);
  });
});
