import { HttpClientError, parseTraceparent, runInBackground, t } from "@fairway/kit";
import { applyWord, leaseDue, postpone } from "./invoices.ts";
import { limits } from "./limits.ts";
import type { BackgroundLoop, Database, HttpClient, Outbox, Telemetry } from "@fairway/kit";
import type { ChargeStatus } from "./invoice.ts";
import type { DueInvoice } from "./invoices.ts";

const chargeAnswer = t.Object({
  reference: t.String(),
  status: t.Enum(["pending", "succeeded", "declined", "voided", "refunded"]),
});

export interface ChargingOptions {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly provider: HttpClient;
  readonly apiKey: string;
  readonly telemetry: Telemetry;
}

/**
 * Asks the provider to charge and to reverse, again and again until it says how it ended. The invoice is the reference,
 * so asking twice takes money once.
 */
export function startCharging(options: ChargingOptions): BackgroundLoop {
  return runInBackground({
    turn: async () => {
      const due = await leaseDue(options.db);
      await Promise.all(due.map((invoice) => askInTrace(options, invoice)));
      return due.length > 0 ? 0 : limits.chargePollMs;
    },
    onFailure: (error, failures) => options.telemetry.log.warn("invoices wait to be charged", { error, failures }),
  });
}

async function askInTrace(options: ChargingOptions, invoice: DueInvoice): Promise<void> {
  const parent = parseTraceparent(invoice.traceparent ?? undefined);
  const name = invoice.state === "reversing" ? "reverse charge" : "charge";
  await options.telemetry.tracer.span(name, () => ask(options, invoice), { parent: parent ?? "none" });
}

export type Ask = Pick<ChargingOptions, "provider" | "apiKey">;

/** What the provider says about an invoice when it is asked to charge it, or to give the money back. */
export async function requestWord(
  { provider, apiKey }: Ask,
  { id, state, totalCents, currency }: Pick<DueInvoice, "id" | "state" | "totalCents" | "currency">,
): Promise<ChargeStatus> {
  const call = { schema: chargeAnswer, idempotencyKey: id, headers: { "x-api-key": apiKey } };
  const { body } =
    state === "reversing"
      ? await provider.post(`/charges/${id}/reverse`, call)
      : await provider.post("/charges", { ...call, body: { reference: id, amountCents: totalCents, currency } });
  return body.status;
}

async function ask(options: ChargingOptions, invoice: DueInvoice): Promise<void> {
  const { db, outbox, telemetry } = options;
  const { id } = invoice;
  try {
    const status = await requestWord(options, invoice);
    await db.transaction((tx) => applyWord(tx, outbox, { invoiceId: id, status }));
  } catch (error) {
    if (!(error instanceof HttpClientError)) throw error;
    telemetry.log.warn("the payment provider could not be asked", { invoice: id, attempts: invoice.attempts, error });
    const pauseMs = Math.min(limits.chargeRetryBaseMs * 2 ** Math.min(invoice.attempts, 10), limits.chargeRetryCapMs);
    await postpone(db, id, pauseMs * (0.5 + Math.random() / 2));
  }
}
