import { createTelemetry, loadConfig, migrate, openDatabase, readMigrations } from "@fairway/kit";
import { configuration } from "./configuration.ts";
import { createProfiles } from "./profiles.ts";
import { userRoutes } from "./routes.ts";
import type { Environment, ServiceParts } from "@fairway/kit";

const name = "users-service";

/** Who the customers are: profiles and addresses, each seen by its owner. */
export function usersService(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const db = openDatabase({ url: config.DATABASE_URL, telemetry });
  return {
    name,
    version,
    config,
    telemetry,
    routes: userRoutes(createProfiles(db)),
    dependencies: [db],
    start: async () => {
      await migrate(db, readMigrations(new URL("../migrations/", import.meta.url)));
    },
  };
}
