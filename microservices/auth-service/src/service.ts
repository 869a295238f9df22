import {
  createTelemetry,
  createTokenVerifier,
  HttpProblem,
  loadConfig,
  migrate,
  openDatabase,
  readMigrations,
  tokenAudience,
} from "@fairway/kit";
import { authRoutes } from "./routes.ts";
import { configuration } from "./configuration.ts";
import { createAccounts } from "./accounts.ts";
import { createKeyring } from "./keyring.ts";
import { createSessions } from "./sessions.ts";
import type { Accounts } from "./accounts.ts";
import type { Configuration } from "./configuration.ts";
import type { Environment, ServiceParts } from "@fairway/kit";

const name = "auth-service";

/** Accounts, tokens and the keys that all other services trust. */
export function authService(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const db = openDatabase({ url: config.DATABASE_URL, telemetry });
  const keyring = createKeyring({ db, secret: config.AUTH_KEY_SECRET, tokenSeconds: config.ACCESS_TOKEN_SECONDS });
  const accounts = createAccounts(db);
  const sessions = createSessions({
    db,
    accounts,
    keyring,
    issuer: config.AUTH_ISSUER,
    audience: tokenAudience,
    accessTokenSeconds: config.ACCESS_TOKEN_SECONDS,
    log: telemetry.log,
  });
  const jwks = async () => ({ keys: (await keyring.publicKeys()).map((key) => ({ ...key })) });
  return {
    name,
    version,
    config,
    telemetry,
    routes: authRoutes({ accounts, sessions, keyring }),
    dependencies: [db],
    tokens: createTokenVerifier({ issuer: config.AUTH_ISSUER, jwks }),
    start: async () => {
      await migrate(db, readMigrations(new URL("../migrations/", import.meta.url)));
      await keyring.ensure();
      await ensureAdmin(accounts, config);
      await db.query("DELETE FROM refresh_tokens WHERE expires_at < now()");
    },
  };
}

async function ensureAdmin(accounts: Accounts, config: Configuration): Promise<void> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
  if (email === undefined || password === undefined) return;
  await accounts.register(email, password, ["admin", "customer"]).catch((error: unknown) => {
    if (!(error instanceof HttpProblem) || error.status !== 409) throw error;
  });
}
