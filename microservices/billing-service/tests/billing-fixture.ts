import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { benchService, createService, loadConfig, openEventProbe } from "@fairway/kit";
import { problem, route, serviceConfig, t } from "@fairway/kit";
import { startPostgres } from "@fairway/postgres";
import { billingService } from "../src/service.ts";
import type { BenchAnswer, EventProbe, ListeningService, ServiceBench } from "@fairway/kit";
import type { ChargeStatus } from "../src/invoice.ts";

export const webhookSecret = "a secret for webhooks";

export interface Asked {
  readonly what: "charge" | "reverse";
  readonly reference: string;
  readonly amountCents?: number;
  readonly key: string | undefined;
}

/** The provider as a test wants it. */
export interface Provider {
  readonly asked: Asked[];
  /** Said in turn, the last one from then on; "down" is a 503. */
  answers: readonly (ChargeStatus | "down")[];
}

export interface Fixture extends ServiceBench {
  readonly events: EventProbe;
  readonly provider: Provider;
  /** Goods were kept for an order; gives the id of its invoice. */
  bill(orderId: string, provider: Provider["answers"]): Promise<string>;
  webhook(body: object, changes?: WebhookChanges): Promise<BenchAnswer>;
}

export interface WebhookChanges {
  readonly secret?: string;
  readonly ageSeconds?: number;
  /** Sent in place of what was signed. */
  readonly sent?: object;
}

export async function startFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "billing-service-"));
  const postgres = await startPostgres({ folder, databases: ["billing", "events"], durable: false });
  const provider: Provider = { asked: [], answers: ["succeeded"] };
  const listening = await startProvider(provider);
  const url = postgres.url("events");
  const events = await openEventProbe({ url, types: ["InvoiceIssued", "InvoicePaid", "PaymentFailed"] });
  const bench = await benchService(
    billingService({
      PORT: "0",
      LOG_LEVEL: "error",
      DATABASE_URL: postgres.url("billing"),
      EVENTS_URL: url,
      PAYMENTS_PROVIDER_URL: listening.url,
      PROVIDER_API_KEY: "the key of the merchant",
      WEBHOOK_SECRET: webhookSecret,
    }),
  );
  return {
    ...bench,
    events,
    provider,
    async bill(orderId, answers) {
      provider.answers = answers;
      provider.asked.length = 0;
      await events.say("StockReserved", orderId, { orderId, customerId: "ann", totalCents: 900, currency: "EUR" });
      const { data } = await events.heard("InvoiceIssued", orderId);
      return (data as { invoiceId: string }).invoiceId;
    },
    webhook: (body, changes = {}) => bench.call("POST", "/billing/webhooks/payments", signed(body, changes)),
    async close() {
      await events.close();
      await bench.close();
      await listening.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As the Standard Webhooks specification signs. */
export function signed(body: object, { secret = webhookSecret, ageSeconds = 0, sent = body }: WebhookChanges) {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
  const content = `${id}.${timestamp}.${JSON.stringify(body)}`;
  const signature = `v1,${createHmac("sha256", secret).update(content).digest("base64")}`;
  return {
    body: sent,
    headers: { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature },
  };
}

async function startProvider(provider: Provider): Promise<ListeningService> {
  const answer = (asked: Asked) => {
    provider.asked.push(asked);
    const [next = "succeeded", ...rest] = provider.answers;
    if (rest.length > 0) provider.answers = rest;
    if (next === "down") throw problem(503, "a failure");
    return { status: 200, body: { reference: asked.reference, status: next } } as const;
  };
  const headers = t.Object({
    "idempotency-key": t.Optional(t.String()),
    "x-api-key": t.Literal("the key of the merchant"),
  });
  const shared = { method: "POST", summary: "", headers, responses: { 200: t.Unknown() }, access: "public" } as const;
  const routes = [
    route({
      ...shared,
      path: "/charges",
      body: t.Object({ reference: t.String(), amountCents: t.Integer(), currency: t.String() }),
      handler: ({ body: { reference, amountCents }, headers: given }) =>
        answer({ what: "charge", reference, amountCents, key: given["idempotency-key"] }),
    }),
    route({
      ...shared,
      path: "/charges/{reference}/reverse",
      params: t.Object({ reference: t.String() }),
      handler: ({ params: { reference }, headers: given }) =>
        answer({ what: "reverse", reference, key: given["idempotency-key"] }),
    }),
  ];
  const config = loadConfig(serviceConfig({}), { PORT: "0", LOG_LEVEL: "error" });
  return createService({ name: "provider", version: "1", config, routes }).listen();
}
