import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { fuzzService } from "@fairway/kit";
import { consumeHttp, matching, oneOf, pactIsMissing, pactsWith, uuid, verifyProvider } from "@fairway/pact";
import { webhookSender } from "../src/webhooks.ts";
import { apiKey, startFixture, webhookSecret } from "./provider-fixture.ts";
import type { BenchAnswer } from "@fairway/kit";
import type { Charge } from "../src/charges.ts";
import type { Fixture } from "./provider-fixture.ts";

let provider: Fixture;

before(async () => {
  provider = await startFixture();
});

beforeEach(() => provider.fail({}));

after(() => provider.close());

function charge(reference: string, amountCents = 500): Promise<BenchAnswer> {
  return provider.ask("POST", "/charges", { body: { reference, amountCents, currency: "EUR" } });
}

async function statusOf(reference: string): Promise<string> {
  return (await provider.ask("GET", `/charges/${reference}`)).json<Charge>().status;
}

function reverse(reference: string): Promise<BenchAnswer> {
  return provider.ask("POST", `/charges/${reference}/reverse`);
}

describe("a charge", () => {
  test("is made once for each reference, however often it is asked for", async () => {
    const reference = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => charge(reference)));
    for (const each of answers) {
      assert.deepEqual(each.json(), { reference, amountCents: 500, currency: "EUR", status: "succeeded" });
    }
    assert.equal((await provider.merchant.heard(reference, 1)).length, 1);
    assert.equal((await charge(reference, 501)).status, 422);
    assert.equal((await provider.ask("GET", `/charges/${randomUUID()}`)).status, 404);
  });

  test("that is reversed gives the money back, once", async () => {
    const reference = randomUUID();
    await charge(reference);
    const answers = await Promise.all([reverse(reference), reverse(reference)]);
    assert.deepEqual(
      answers.map((each) => each.json<Charge>().status),
      ["refunded", "refunded"],
    );
    assert.equal((await charge(reference)).json<Charge>().status, "refunded");
  });

  test("that is reversed before it is made is never made", async () => {
    const reference = randomUUID();
    assert.equal((await reverse(reference)).json<Charge>().status, "voided");
    assert.equal((await charge(reference)).json<Charge>().status, "voided");
  });

  test("that is left open is settled later, unless it was reversed meanwhile", async () => {
    await provider.fail({ pendingRate: 1 });
    const [open, reversed] = [randomUUID(), randomUUID()];
    assert.equal((await charge(open)).json<Charge>().status, "pending");
    await charge(reversed);
    assert.equal((await reverse(reversed)).json<Charge>().status, "voided");
    const [webhook] = await provider.merchant.heard(open, 1);
    assert.equal(JSON.parse(webhook?.body ?? "{}").status, "succeeded");
    assert.deepEqual([await statusOf(open), await statusOf(reversed)], ["succeeded", "voided"]);
  });
});

describe("failures on demand", () => {
  test("every request fails, some of them after the money was taken", async () => {
    await provider.fail({ failureRate: 1 });
    const references = Array.from({ length: 24 }, () => randomUUID());
    const answers = await Promise.all(references.map((each) => charge(each)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [503]);
    await provider.fail({});
    const found = await Promise.all(references.map((each) => provider.ask("GET", `/charges/${each}`)));
    const taken = found.filter(({ status }) => status === 200).length;
    // Each with a probability of one half: all or none of 24 happens once in eight million runs.
    assert.ok(taken > 0 && taken < references.length, `${taken} were taken`);
  });

  test("a card is declined, an answer takes its time, a webhook comes twice", async () => {
    await provider.fail({ declineRate: 1, delayMs: 120, duplicateRate: 1 });
    const reference = randomUUID();
    const began = performance.now();
    assert.equal((await charge(reference)).json<Charge>().status, "declined");
    assert.ok(performance.now() - began > 110);
    const twice = await provider.merchant.heard(reference, 2);
    assert.equal(new Set(twice.map(({ body }) => JSON.stringify(JSON.parse(body)))).size, 1);
  });

  test("what was switched on can be read, and is refused when it is nonsense", async () => {
    await provider.fail({ failureRate: 0.2 });
    const now = (await provider.ask("GET", "/admin/failures")).json<{ failureRate: number }>();
    assert.equal(now.failureRate, 0.2);
    const body = { failureRate: 2, declineRate: 0, pendingRate: 0, duplicateRate: 0, delayMs: 0 };
    assert.equal((await provider.ask("PUT", "/admin/failures", { body })).status, 400);
  });
});

describe("webhooks", () => {
  test("are signed as Standard Webhooks has it", async () => {
    const reference = randomUUID();
    await charge(reference);
    const [webhook] = await provider.merchant.heard(reference, 1);
    assert.ok(webhook);
    const { id, timestamp, body, signature } = webhook;
    const wanted = createHmac("sha256", webhookSecret).update(`${id}.${timestamp}.${body}`).digest("base64");
    assert.equal(signature, `v1,${wanted}`);
    assert.ok(Math.abs(Date.now() / 1_000 - Number(timestamp)) < 60);
  });

  test("come again with the same id until they are taken", async () => {
    const reference = randomUUID();
    provider.merchant.refusals.set(reference, 2);
    await charge(reference);
    const received = await provider.merchant.heard(reference, 3);
    assert.equal(new Set(received.map(({ id }) => id)).size, 1);
  });
});

describe("who may ask", () => {
  test("nobody without the key of the merchant, on any route", async () => {
    const paths = Object.entries(provider.service.document.paths);
    for (const [path, operations] of paths) {
      for (const method of Object.keys(operations)) {
        const target = path.replace("{reference}", "x");
        const body = path === "/charges" ? { reference: "x", amountCents: 1, currency: "EUR" } : undefined;
        const settings = { failureRate: 0, declineRate: 0, pendingRate: 0, duplicateRate: 0, delayMs: 0 };
        const call = method === "put" ? { body: settings } : { body };
        for (const key of [undefined, "", "another key of somebody", `${apiKey} `.repeat(2)]) {
          const headers: Record<string, string> = key === undefined ? {} : { "x-api-key": key };
          const { status } = await provider.call(method.toUpperCase(), target, { ...call, headers });
          assert.equal(status, 401, `${method} ${path} with the key ${key}`);
        }
      }
    }
    assert.equal(paths.length, 4);
  });
});

test("no request, however odd, brings a 5xx or shows the inside", async () => {
  const report = await fuzzService(provider.service, {
    seed: 3,
    rounds: 80,
    tokenFor: () => "none",
    headers: () => ({ "x-api-key": apiKey }),
  });
  // What it fails with on purpose was switched on by the fuzzer itself.
  const failures = report.failures.filter((each) => !each.includes("/problems/switched-on"));
  assert.deepEqual(failures, []);
  assert.ok(report.reached.includes("POST /charges"), String(report.reached));
});

describe("contracts", { skip: pactIsMissing() }, () => {
  const services = join(import.meta.dirname, "../..");

  test("payments-provider -> billing-service: where webhooks are taken", async () => {
    const reference = "01900000-0000-7000-8000-000000000001";
    const exchange = {
      description: "a webhook about a charge",
      request: {
        method: "POST",
        path: "/billing/webhooks/payments",
        headers: {
          "webhook-id": matching("^.{1,100}$", "a1"),
          "webhook-timestamp": matching("^\\d{10}$", "1767322800"),
          "webhook-signature": matching("^v1,[A-Za-z0-9+/=]+$", "v1,AAAA"),
        },
        body: { reference: uuid(reference), status: oneOf("succeeded", "declined", "voided", "refunded") },
      },
      response: { status: 204 },
    } as const;
    const folder = join(services, "payments-provider/pacts");
    const contract = { consumer: "payments-provider", provider: "billing-service", folder, exchanges: [exchange] };
    await consumeHttp(contract, async (url) => {
      const { telemetry } = provider.service;
      const send = webhookSender({ telemetry, secret: webhookSecret, url: `${url}/billing/webhooks/payments` });
      assert.ok(await send({ id: "a1", payload: { reference, status: "succeeded" }, attempts: 1 }));
    });
  });

  test("what others rely on is kept", async () => {
    await verifyProvider({
      name: "payments-provider",
      pacts: pactsWith("payments-provider", services),
      handle: (request) => provider.service.handle(request),
      prepare: (request) => {
        request.headers.set("x-api-key", apiKey);
        return request;
      },
    });
  });
});
