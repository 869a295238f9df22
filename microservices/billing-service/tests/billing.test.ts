import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkAccess, fuzzService } from "@fairway/kit";
import { pactIsMissing, pactsWith, verifyProvider } from "@fairway/pact";
import { signed, startFixture } from "./billing-fixture.ts";
import type { Fixture } from "./billing-fixture.ts";
import type { Invoice } from "../src/invoice.ts";

let shop: Fixture;

before(async () => {
  shop = await startFixture();
});

after(() => shop.close());

function staff(): string {
  return shop.tokens.tokenFor("staff", ["service"]);
}

async function invoiceOf(id: string): Promise<Invoice> {
  return (await shop.call("GET", `/billing/invoice/${id}`, { token: staff() })).json();
}

/** Looks again until an invoice is in a state; the loop that asks the provider runs by itself. */
async function untilInvoiceIs(id: string, state: Invoice["state"]): Promise<void> {
  const end = performance.now() + 120_000;
  for (let now = await invoiceOf(id); now.state !== state; now = await invoiceOf(id)) {
    assert.ok(performance.now() < end, `the invoice is still ${now.state}`);
  }
}

describe("an order whose goods are kept", () => {
  test("gets one invoice, is charged once, and the others hear that it is paid", async () => {
    const orderId = randomUUID();
    const invoiceId = await shop.bill(orderId, ["succeeded"]);
    const wanted = { invoiceId, orderId, customerId: "ann", totalCents: 900, currency: "EUR" };
    assert.deepEqual((await shop.events.heard("InvoicePaid", orderId)).data, wanted);
    assert.deepEqual((await shop.events.heard("InvoiceIssued", orderId)).data, wanted);
    assert.deepEqual(shop.provider.asked, [{ what: "charge", reference: invoiceId, amountCents: 900, key: invoiceId }]);
    await shop.events.say("StockReserved", orderId, { orderId, customerId: "ann", totalCents: 900, currency: "EUR" });
    // Handled after the duplicate, because it is about the same order.
    await shop.events.say("OrderCancelled", orderId, { orderId });
    await untilInvoiceIs(invoiceId, "reversing");
    assert.equal(shop.events.count("InvoiceIssued", orderId), 1);
    assert.equal(shop.events.count("InvoicePaid", orderId), 1);
    shop.provider.answers = ["refunded"];
    await untilInvoiceIs(invoiceId, "refunded");
  });

  test("is charged with the same reference until a provider that fails has answered", async () => {
    const orderId = randomUUID();
    const invoiceId = await shop.bill(orderId, ["down", "down", "down", "down", "succeeded"]);
    await shop.events.heard("InvoicePaid", orderId);
    assert.equal(shop.provider.asked.length, 5);
    assert.deepEqual([...new Set(shop.provider.asked.map(({ reference }) => reference))], [invoiceId]);
  });

  test("hears when the payment was declined", async () => {
    const orderId = randomUUID();
    await shop.bill(orderId, ["declined"]);
    const { data } = await shop.events.heard("PaymentFailed", orderId);
    assert.equal((data as { reason: string }).reason, "the payment was declined");
  });

  test("is asked about again when no webhook says how a pending charge ended", async () => {
    const orderId = randomUUID();
    await shop.bill(orderId, ["pending", "succeeded"]);
    await shop.events.heard("InvoicePaid", orderId);
  });
});

describe("an order that is cancelled", () => {
  test("before it was paid is not charged any more, also when the provider fails meanwhile", async () => {
    const orderId = randomUUID();
    const invoiceId = await shop.bill(orderId, ["pending", "down", "down", "voided"]);
    await shop.events.say("OrderCancelled", orderId, { orderId });
    await untilInvoiceIs(invoiceId, "void");
    assert.equal(shop.events.count("InvoicePaid", orderId), 0);
    assert.equal(shop.provider.asked.at(-1)?.what, "reverse");
  });

  test("before it had an invoice never gets one", async () => {
    const [orderId, next] = [randomUUID(), randomUUID()];
    await shop.events.say("OrderCancelled", orderId, { orderId });
    await shop.events.say("StockReserved", orderId, { orderId, customerId: "ann", totalCents: 900, currency: "EUR" });
    await shop.bill(next, ["succeeded"]);
    await shop.events.heard("InvoicePaid", next);
    assert.equal(shop.events.count("InvoiceIssued", orderId), 0);
    const list = await shop.call("GET", `/billing/invoices?orderId=${orderId}`, { token: staff() });
    assert.deepEqual(list.json(), { items: [] });
  });
});

describe("a webhook", () => {
  test("that is signed settles the invoice, and the second one changes nothing", async () => {
    const orderId = randomUUID();
    const reference = await shop.bill(orderId, ["pending"]);
    const body = { reference, status: "succeeded" };
    assert.equal((await shop.webhook(body)).status, 204);
    assert.equal((await shop.webhook(body)).status, 204);
    assert.equal((await shop.webhook({ reference, status: "declined" })).status, 204);
    await shop.events.heard("InvoicePaid", orderId);
    assert.equal((await invoiceOf(reference)).state, "paid");
    assert.equal(shop.events.count("PaymentFailed", orderId), 0);
  });

  test("that is forged, altered or old changes nothing", async () => {
    const orderId = randomUUID();
    const reference = await shop.bill(orderId, ["pending"]);
    const body = { reference, status: "succeeded" };
    for (const changes of [
      { secret: "another secret of somebody" },
      { sent: { reference, status: "refunded" } },
      { ageSeconds: 600 },
      { ageSeconds: -600 },
    ]) {
      assert.equal((await shop.webhook(body, changes)).status, 401, JSON.stringify(changes));
    }
    const good = signed(body, {});
    const headers = { ...good.headers, "webhook-signature": "v1,AAAA v0,x" };
    assert.equal((await shop.call("POST", "/billing/webhooks/payments", { body, headers })).status, 401);
    assert.equal((await invoiceOf(reference)).state, "issued");
    const both = { ...good.headers, "webhook-signature": `v1,AAAA ${good.headers["webhook-signature"]}` };
    assert.equal((await shop.call("POST", "/billing/webhooks/payments", { body, headers: both })).status, 204);
  });

  test("about an invoice that is not ours is taken, so that it does not come again", async () => {
    assert.equal((await shop.webhook({ reference: randomUUID(), status: "succeeded" })).status, 204);
  });
});

describe("asked over HTTP", () => {
  const body = { orderId: randomUUID(), customerId: "bob", totalCents: 100, currency: "EUR" };
  const issue = (changes: Partial<typeof body> = {}) =>
    shop.call("POST", "/billing/invoice", { token: staff(), body: { ...body, ...changes } });

  test("an order has one invoice, and another amount for it is refused", async () => {
    shop.provider.answers = ["succeeded"];
    const answers = await Promise.all([issue(), issue(), issue()]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 201]);
    assert.equal(new Set(answers.map((each) => each.json<Invoice>().id)).size, 1);
    assert.equal((await issue({ totalCents: 101 })).status, 409);
  });

  test("an invoice is shown to its customer and to staff, to nobody else", async () => {
    const { id } = (await issue()).json<Invoice>();
    const ask = async (subject: string, roles: readonly string[] = []) =>
      (await shop.call("GET", `/billing/invoice/${id}`, { token: shop.tokens.tokenFor(subject, roles) })).status;
    assert.deepEqual([await ask("bob"), await ask("x", ["admin"]), await ask("ann")], [200, 200, 404]);
    const token = shop.tokens.tokenFor("ann", []);
    const { items } = (await shop.call("GET", "/billing/invoices", { token })).json<{ items: readonly Invoice[] }>();
    assert.deepEqual([...new Set(items.map(({ customerId }) => customerId))], ["ann"]);
  });
});

test("every route refuses whoever may not call it", async () => {
  assert.deepEqual((await checkAccess(shop.service, shop.tokens)).failures, []);
});

test("no request, however odd, brings a 5xx or shows the inside", async () => {
  shop.provider.answers = ["declined"];
  const report = await fuzzService(shop.service, {
    seed: 9,
    rounds: 80,
    tokenFor: (roles) => shop.tokens.tokenFor("fuzz", roles),
    headers: (text) => signedText(text),
  });
  assert.deepEqual(report.failures, []);
  assert.ok(report.reached.includes("POST /billing/webhooks/payments"), String(report.reached));
  assert.ok(report.reached.includes("POST /billing/invoice"), String(report.reached));
});

function signedText(text: string): Readonly<Record<string, string>> {
  try {
    return signed(JSON.parse(text), {}).headers;
  } catch {
    // What is no JSON needs no signature to be refused.
    return {};
  }
}

test("what others rely on is kept", { skip: pactIsMissing() }, async () => {
  const ended = async (type: string, answer: "succeeded" | "declined") => {
    const orderId = randomUUID();
    await shop.bill(orderId, [answer]);
    return shop.events.heard(type, orderId);
  };
  await verifyProvider({
    name: "billing-service",
    pacts: pactsWith("billing-service", join(import.meta.dirname, "../..")),
    handle: (request) => shop.service.handle(request),
    prepare: async (request) => {
      const { headers } = request;
      if (headers.has("authorization")) headers.set("authorization", `Bearer ${shop.tokens.tokenFor("ann", [])}`);
      if (!headers.has("webhook-signature")) return request;
      for (const [name, value] of Object.entries(signedText(await request.clone().text()))) headers.set(name, value);
      return request;
    },
    states: { "the caller has an invoice": async () => void (await shop.bill(randomUUID(), ["succeeded"])) },
    events: {
      InvoiceIssued: () => ended("InvoiceIssued", "succeeded"),
      InvoicePaid: () => ended("InvoicePaid", "succeeded"),
      PaymentFailed: () => ended("PaymentFailed", "declined"),
    },
  });
});
