import { createHmac } from "node:crypto";
import { createHttpClient, HttpClientError, runInBackground } from "@fairway/kit";
import { limits } from "./limits.ts";
import { settlePending } from "./charges.ts";
import type { BackgroundLoop, Database, Telemetry } from "@fairway/kit";
import type { Failures } from "./failures.ts";

export interface WebhookOptions {
  readonly db: Database;
  readonly telemetry: Telemetry;
  readonly failures: Failures;
  readonly secret: string;
  readonly url: string | undefined;
}

interface WebhookRow {
  readonly id: string;
  readonly payload: unknown;
  readonly attempts: number;
}

/** As the Standard Webhooks specification signs: the id, the time and the body belong together. */
export function webhookSignature(secret: string, message: { id: string; timestamp: string; body: string }): string {
  const content = `${message.id}.${message.timestamp}.${message.body}`;
  return `v1,${createHmac("sha256", secret).update(content).digest("base64")}`;
}

/** Settles what was left open and tells the merchant of every change until he has heard it. */
export function startWebhooks(options: WebhookOptions): BackgroundLoop {
  const { db, telemetry, failures, url } = options;
  const send = url === undefined ? undefined : webhookSender({ ...options, url });
  return runInBackground({
    turn: async () => {
      const settled = await settlePending(db, await failures.current());
      const sent = send ? await sendDue(db, send) : 0;
      return settled + sent > 0 ? 0 : limits.webhookPollMs;
    },
    onFailure: (error, count) => telemetry.log.warn("webhooks wait", { error, failures: count }),
  });
}

export type WebhookSenderOptions = Pick<WebhookOptions, "telemetry" | "secret"> & { readonly url: string };

type Send = (row: WebhookRow) => Promise<boolean>;

/** Says whether the merchant has taken it. */
export function webhookSender({ telemetry, secret, url }: WebhookSenderOptions): Send {
  const { origin, pathname } = new URL(url);
  const client = createHttpClient({
    name: "merchant",
    baseUrl: origin,
    timeoutMs: limits.webhookTimeoutMs,
    retries: 0,
    telemetry,
  });
  return async ({ id, payload }) => {
    const body = JSON.stringify(payload);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const headers = {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": webhookSignature(secret, { id, timestamp, body }),
    };
    try {
      await client.post(pathname, { rawBody: Buffer.from(body), headers });
      return true;
    } catch (error) {
      if (!(error instanceof HttpClientError)) throw error;
      telemetry.log.debug("a webhook was not taken", { id, error });
      return false;
    }
  };
}

/** Leased for the time that sending may take, so that replicas do not send the same and a dead one's come again. */
async function sendDue(db: Database, send: Send): Promise<number> {
  const { rows } = await db.query<WebhookRow>(
    `UPDATE webhooks SET attempts = attempts + 1, due_at = now() + make_interval(secs => $2)
     WHERE id IN (SELECT id FROM webhooks WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, payload, attempts`,
    [limits.webhookBatchMax, (limits.webhookTimeoutMs * 2) / 1_000],
  );
  await Promise.all(
    rows.map(async (row) => {
      const sent = await send(row);
      if (sent || row.attempts >= limits.webhookAttemptsMax) {
        await db.query("DELETE FROM webhooks WHERE id = $1", [row.id]);
        return;
      }
      const pauseMs = Math.min(limits.webhookRetryBaseMs * 2 ** row.attempts, limits.webhookRetryCapMs);
      await db.query("UPDATE webhooks SET due_at = now() + make_interval(secs => $2) WHERE id = $1", [
        row.id,
        pauseMs / 1_000,
      ]);
    }),
  );
  return rows.length;
}
