// What `fairway contract -- node dist/main.js` checks, for each service of the shop.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { checkRuntimeContract } from "@fairway/runtime-contract";
import { startPostgres } from "@fairway/postgres";
import type { Postgres } from "@fairway/postgres";

const folder = mkdtempSync(join(tmpdir(), "shop-contract-"));
const services = join(import.meta.dirname, "../../../microservices");
const names = readdirSync(services).filter((name) => existsSync(join(services, name, "service.yaml")));
const nowhere = "http://127.0.0.1:9";

describe("the runtime contract is kept by", () => {
  let postgres: Postgres;

  before(async () => {
    const databases = [...names.map(databaseOf), "events"];
    postgres = await startPostgres({ folder: join(folder, "postgres"), databases, durable: false });
  });

  after(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const name of names) {
    test(`the ${name}`, async () => {
      const built = join(services, name, "dist/main.js");
      const main = existsSync(built) ? built : join(services, name, "src/main.ts");
      const results = await checkRuntimeContract({
        command: process.execPath,
        args: [main],
        env: environment(postgres, name),
      });
      const faults = results
        .filter(({ outcome }) => outcome !== "kept")
        .map((each) => `${each.clause}: ${each.detail}`);
      assert.deepEqual(faults, []);
    });
  }
});

function databaseOf(name: string): string {
  return name.replaceAll("-", "_");
}

function environment(postgres: Postgres, name: string): Readonly<Record<string, string>> {
  const others = ["AUTH", "USERS", "PRODUCTS", "INVENTORY", "ORDERS", "BILLING", "PAYMENTS_PROVIDER"];
  return {
    DATABASE_URL: postgres.url(databaseOf(name)),
    EVENTS_URL: postgres.url("events"),
    AUTH_KEY_SECRET: "a secret for keys of tokens",
    ADMIN_EMAIL: "admin@shop.example",
    ADMIN_PASSWORD: "a long enough password",
    PROVIDER_API_KEY: "the key of the merchant",
    WEBHOOK_SECRET: "a secret for webhooks",
    ...Object.fromEntries(others.map((other) => [`${other}_URL`, nowhere])),
  };
}
