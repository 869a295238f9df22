// What billing relies on: the payment provider, what the stock says, and what becomes of orders.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cloudEvent, createHttpClient, createTelemetry, loadConfig, serviceConfig } from "@fairway/kit";
import { consumeEvents, consumeHttp, integer, like, matching, oneOf, pactIsMissing, uuid } from "@fairway/pact";
import { billingReactions } from "../src/saga.ts";
import { requestWord } from "../src/charging.ts";
import type { Outbox, Transaction } from "@fairway/kit";

const folder = join(import.meta.dirname, "../pacts");
const skip = pactIsMissing();
const consumer = "billing-service";
const [paid, reversed] = ["01900000-0000-7000-8000-0000000000e1", "01900000-0000-7000-8000-0000000000e2"];
const config = loadConfig(serviceConfig({}), { PORT: "0", LOG_LEVEL: "error" });
const telemetry = createTelemetry({ name: consumer, version: "1", config });
const headers = { "x-api-key": matching("^.{16,}$", "the key of the merchant"), "idempotency-key": uuid(paid) };

test("billing-service -> payments-provider: money is taken and given back", { skip }, async () => {
  const status = oneOf("succeeded", "pending", "declined");
  const exchanges = [
    {
      description: "a charge",
      request: {
        method: "POST",
        path: "/charges",
        headers,
        body: { reference: paid, amountCents: 900, currency: "EUR" },
      },
      response: { status: 200, body: { reference: paid, status } },
    },
    {
      description: "the reversal of a charge that was never made",
      request: {
        method: "POST",
        path: `/charges/${reversed}/reverse`,
        headers: { ...headers, "idempotency-key": uuid(reversed) },
      },
      response: { status: 200, body: { reference: reversed, status: "voided" } },
    },
  ];
  await consumeHttp({ consumer, provider: "payments-provider", folder, exchanges }, async (baseUrl) => {
    const provider = createHttpClient({ name: "payments-provider", baseUrl, timeoutMs: 5_000, telemetry });
    const apiKey = "the key of the merchant";
    const invoice = { totalCents: 900, currency: "EUR" };
    assert.equal(await requestWord({ provider, apiKey }, { ...invoice, id: paid, state: "issued" }), "succeeded");
    assert.equal(await requestWord({ provider, apiKey }, { ...invoice, id: reversed, state: "reversing" }), "voided");
    provider.close();
  });
});

/** What was asked of the database for an event. */
async function statementsFor({ type, data }: { type: string; data: unknown }): Promise<readonly string[]> {
  const statements: string[] = [];
  const tx: Pick<Transaction, "query" | "afterCommit"> = {
    async query(sql) {
      statements.push(sql.trim().split(/[\s(]/, 3).join(" "));
      return { rows: [{ id: paid, orderId: paid } as never], count: 1 };
    },
    afterCommit: () => undefined,
  };
  const outbox: Pick<Outbox, "add"> = { add: async (_tx, event) => cloudEvent(event) };
  const reaction = billingReactions(outbox as Outbox, () => undefined).find((each) => each.type === type);
  assert.ok(reaction, `billing does not react to ${type}`);
  await reaction.run(tx as Transaction, cloudEvent({ source: "/other", type, subject: paid, data }));
  return statements;
}

test("billing-service -> inventory-service: what is to be billed", { skip }, async () => {
  const data = {
    orderId: uuid(paid),
    customerId: like("ann"),
    totalCents: integer(900),
    currency: matching("^[A-Z]{3}$", "EUR"),
  };
  const contract = { consumer, provider: "inventory-service", folder, events: [{ type: "StockReserved", data }] };
  await consumeEvents(contract, async (event) => {
    assert.deepEqual(await statementsFor(event), ["INSERT INTO invoices"]);
  });
});

test("billing-service -> orders-service: what is to be billed no more", { skip }, async () => {
  const events = [{ type: "OrderCancelled", data: { orderId: uuid(paid) } }];
  await consumeEvents({ consumer, provider: "orders-service", folder, events }, async (event) => {
    assert.deepEqual(await statementsFor(event), ["INSERT INTO invoices"]);
  });
});
