import {
  createConsumer,
  createHttpClient,
  createOutbox,
  createTelemetry,
  kitMigrations,
  loadConfig,
  migrate,
  openDatabase,
  openTransport,
  readMigrations,
} from "@fairway/kit";
import { billingReactions } from "./saga.ts";
import { billingRoutes } from "./routes.ts";
import { configuration } from "./configuration.ts";
import { limits } from "./limits.ts";
import { startCharging } from "./charging.ts";
import type { BackgroundLoop, Environment, ServiceParts } from "@fairway/kit";

const name = "billing-service";

/** Invoices, and the money for them. */
export function billingService(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const db = openDatabase({ url: config.DATABASE_URL, telemetry });
  const transport = openTransport({ url: config.EVENTS_URL, telemetry });
  const outbox = createOutbox(db, transport, telemetry);
  const provider = createHttpClient({
    name: "payments-provider",
    baseUrl: config.PAYMENTS_PROVIDER_URL,
    timeoutMs: limits.chargeTimeoutMs,
    retries: 1,
    telemetry,
  });
  let charging: BackgroundLoop | undefined;
  const wake = (): void => charging?.wake();
  const consumer = createConsumer({ group: name, transport, db, telemetry, reactions: billingReactions(outbox, wake) });
  const work = {
    name: "work",
    check: () => Promise.resolve(),
    close: async () => {
      await consumer.close();
      await charging?.stop();
      provider.close();
    },
  };
  return {
    name,
    version,
    config,
    telemetry,
    routes: billingRoutes({ db, outbox, webhookSecret: config.WEBHOOK_SECRET, wake }),
    dependencies: [db, transport, outbox, work],
    start: async () => {
      await migrate(db, [...kitMigrations, ...readMigrations(new URL("../migrations/", import.meta.url))]);
      await transport.prepare();
      charging ??= startCharging({ db, outbox, provider, apiKey: config.PROVIDER_API_KEY, telemetry });
      await consumer.start();
      outbox.start();
    },
  };
}
