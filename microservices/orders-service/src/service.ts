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
import { createCatalogue } from "./catalogue.ts";
import { createOrders } from "./orders.ts";
import { orderReactions } from "./saga.ts";
import { orderRoutes } from "./routes.ts";
import { startLateness } from "./lateness.ts";
import type { BackgroundLoop, Environment, ServiceParts } from "@fairway/kit";

const name = "orders-service";

/** Orders, and their way through stock and billing to the end. */
export function ordersService(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const db = openDatabase({ url: config.DATABASE_URL, telemetry });
  const transport = openTransport({ url: config.EVENTS_URL, telemetry });
  const outbox = createOutbox(db, transport, telemetry);
  const ended = telemetry.metrics.counter({
    name: "shop_orders_ended_total",
    help: "Orders by how they ended.",
    labels: ["state"],
  });
  const orders = createOrders(db, outbox, (state) => ended.add(1, { state }));
  const catalogue = createCatalogue(config.PRODUCTS_URL, telemetry);
  const consumer = createConsumer({ group: name, transport, db, telemetry, reactions: orderReactions(orders) });
  let lateness: BackgroundLoop | undefined;
  const work = {
    name: "work",
    check: () => Promise.resolve(),
    close: async () => {
      await lateness?.stop();
      await consumer.close();
      catalogue.close();
    },
  };
  return {
    name,
    version,
    config,
    telemetry,
    routes: orderRoutes({ db, orders, catalogue }),
    dependencies: [db, transport, outbox, work],
    start: async () => {
      await migrate(db, [...kitMigrations, ...readMigrations(new URL("../migrations/", import.meta.url))]);
      await transport.prepare();
      await consumer.start();
      outbox.start();
      lateness ??= startLateness({ db, orders, seconds: config.ORDER_SECONDS, telemetry });
    },
  };
}
