import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { benchService } from "@fairway/kit";
import { startPostgres } from "@fairway/postgres";
import { paymentsProvider } from "../src/service.ts";
import type { BenchAnswer, BenchCall, ServiceBench } from "@fairway/kit";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FailureSettings } from "../src/failures.ts";

export const apiKey = "the key of the merchant";
export const webhookSecret = "a secret for webhooks";

export interface Received {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}

/** The shop, as the provider sees it. */
export interface Merchant {
  readonly received: Received[];
  /** How many webhooks about a charge are refused before one is taken. */
  readonly refusals: Map<string, number>;
  /** Webhooks about a charge, when there are so many. */
  heard(reference: string, count: number): Promise<readonly Received[]>;
}

export interface Fixture extends ServiceBench {
  readonly merchant: Merchant;
  /** Asks with the key of the merchant. */
  ask(method: string, path: string, call?: BenchCall): Promise<BenchAnswer>;
  fail(settings: Partial<FailureSettings>): Promise<void>;
}

export async function startFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "payments-provider-"));
  const postgres = await startPostgres({ folder, databases: ["payments"], durable: false });
  const { merchant, url, close } = await startMerchant();
  const bench = await benchService(
    paymentsProvider({
      PORT: "0",
      LOG_LEVEL: "error",
      DATABASE_URL: postgres.url("payments"),
      PROVIDER_API_KEY: apiKey,
      WEBHOOK_SECRET: webhookSecret,
      BILLING_URL: url,
    }),
  );
  const ask = (method: string, path: string, call: BenchCall = {}): Promise<BenchAnswer> =>
    bench.call(method, path, { ...call, headers: { "x-api-key": apiKey, ...call.headers } });
  return {
    ...bench,
    merchant,
    ask,
    async fail(settings) {
      const none = { failureRate: 0, declineRate: 0, pendingRate: 0, duplicateRate: 0, delayMs: 0 };
      await ask("PUT", "/admin/failures", { body: { ...none, ...settings } });
    },
    async close() {
      await bench.close();
      close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startMerchant() {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const merchant: Merchant = {
    received,
    refusals: new Map(),
    heard(reference, count) {
      const { promise, resolve } = Promise.withResolvers<readonly Received[]>();
      const look = (): void => {
        const about = received.filter(({ body }) => body.includes(reference));
        if (about.length < count) return;
        waiting.delete(look);
        resolve(about);
      };
      waiting.add(look);
      look();
      return promise;
    },
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const header = (name: string): string => String(request.headers[name]);
    const [id, timestamp, signature] = [header("webhook-id"), header("webhook-timestamp"), header("webhook-signature")];
    const body = await text(request);
    const [reference, refusals] = [...merchant.refusals].find(([each]) => body.includes(each)) ?? ["", 0];
    const isRefused = refusals > 0;
    if (isRefused) merchant.refusals.set(reference, refusals - 1);
    received.push({ id, timestamp, signature, body });
    response.writeHead(isRefused ? 500 : 204).end();
    for (const look of waiting) look();
  };
  const server = createServer((request, response) => void take(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { merchant, url: `http://127.0.0.1:${port}`, close };
}
