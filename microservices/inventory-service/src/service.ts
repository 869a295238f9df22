import {
  createConsumer,
  createOutbox,
  createTelemetry,
  kitMigrations,
  loadConfig,
  migrate,
  openDatabase,
  openTransport,
  readMigrations,
} from "@fairway/kit";
import { configuration } from "./configuration.ts";
import { inventoryReactions } from "./saga.ts";
import { inventoryRoutes } from "./routes.ts";
import { startExpiry } from "./expiry.ts";
import type { BackgroundLoop, Environment, ServiceParts } from "@fairway/kit";

const name = "inventory-service";

/** What is in stock, and for which orders some of it is kept. */
export function inventoryService(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const db = openDatabase({ url: config.DATABASE_URL, telemetry });
  const transport = openTransport({ url: config.EVENTS_URL, telemetry });
  const outbox = createOutbox(db, transport, telemetry);
  const reservationSeconds = config.RESERVATION_SECONDS;
  const consumer = createConsumer({
    group: name,
    transport,
    db,
    telemetry,
    reactions: inventoryReactions({ outbox, reservationSeconds }),
  });
  let expiry: BackgroundLoop | undefined;
  const work = {
    name: "work",
    check: () => Promise.resolve(),
    close: async () => {
      await expiry?.stop();
      await consumer.close();
    },
  };
  return {
    name,
    version,
    config,
    telemetry,
    routes: inventoryRoutes({ db, outbox, reservationSeconds }),
    dependencies: [db, transport, outbox, work],
    start: async () => {
      await migrate(db, [...kitMigrations, ...readMigrations(new URL("../migrations/", import.meta.url))]);
      await transport.prepare();
      await consumer.start();
      outbox.start();
      expiry ??= startExpiry(db, outbox, telemetry);
    },
  };
}
