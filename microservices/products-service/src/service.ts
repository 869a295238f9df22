import {
  createCache,
  createTelemetry,
  loadConfig,
  migrate,
  openDatabase,
  readMigrations,
  redisCache,
} from "@fairway/kit";
import { configuration } from "./configuration.ts";
import { createCatalogue } from "./catalogue.ts";
import { limits } from "./limits.ts";
import { productRoutes } from "./routes.ts";
import type { Environment, ServiceParts } from "@fairway/kit";

const name = "products-service";

/** The catalogue: what there is, in which category, at which price. */
export function productsService(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const db = openDatabase({ url: config.DATABASE_URL, telemetry });
  const { cacheMs: ttlMs } = limits;
  const url = config.CACHE_URL;
  const cache = url === undefined ? createCache({ ttlMs }) : redisCache({ url, ttlMs, prefix: "products:", telemetry });
  return {
    name,
    version,
    config,
    telemetry,
    routes: productRoutes(createCatalogue(db, cache)),
    dependencies: [db, cache],
    start: async () => {
      await migrate(db, readMigrations(new URL("../migrations/", import.meta.url)));
    },
  };
}
