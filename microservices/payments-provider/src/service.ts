import { createTelemetry, loadConfig, migrate, openDatabase, readMigrations } from "@fairway/kit";
import { configuration } from "./configuration.ts";
import { createFailures } from "./failures.ts";
import { providerRoutes } from "./routes.ts";
import { startWebhooks } from "./webhooks.ts";
import type { BackgroundLoop, Environment, ServiceParts } from "@fairway/kit";

const name = "payments-provider";

/** Stands in for a company that takes money: slow, failing and repeating itself as much as one likes. */
export function paymentsProvider(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const db = openDatabase({ url: config.DATABASE_URL, telemetry });
  const failures = createFailures(db, {
    failureRate: config.FAILURE_RATE,
    declineRate: config.DECLINE_RATE,
    pendingRate: config.PENDING_RATE,
    duplicateRate: config.DUPLICATE_RATE,
    delayMs: config.DELAY_MS,
  });
  let webhooks: BackgroundLoop | undefined;
  return {
    name,
    version,
    config,
    telemetry,
    routes: providerRoutes({ db, failures, apiKey: config.PROVIDER_API_KEY }),
    dependencies: [db, { name: "webhooks", check: () => Promise.resolve(), close: async () => webhooks?.stop() }],
    start: async () => {
      await migrate(db, readMigrations(new URL("../migrations/", import.meta.url)));
      webhooks ??= startWebhooks({
        db,
        telemetry,
        failures,
        secret: config.WEBHOOK_SECRET,
        url: webhookAddress(config.BILLING_URL),
      });
    },
  };
}

/** Where billing-service takes them. */
function webhookAddress(merchant: string | undefined): string | undefined {
  return merchant === undefined ? undefined : new URL("/billing/webhooks/payments", merchant).href;
}
