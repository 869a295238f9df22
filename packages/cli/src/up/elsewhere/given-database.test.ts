import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { removePostgres, startPostgres, type Postgres } from "@fairway/postgres";
import { Client } from "pg";
import { addressFor, prepareDatabases } from "./given-database.ts";

describe("a PostgreSQL that others run", () => {
  const folder = mkdtempSync(join(tmpdir(), "given-database-"));
  let server: Postgres;

  before(async () => {
    server = await startPostgres({ folder, durable: false });
  });
  after(() => removePostgres(folder));

  async function ask(address: string, statement: string): Promise<readonly unknown[]> {
    const client = new Client({ connectionString: address });
    try {
      await client.connect();
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  it("gets a database for each service, which its own role alone may enter", async () => {
    const passwords = { orders_service: "one'two", billing_service: "three" };
    await prepareDatabases(server.url(), passwords);
    const orders = addressFor(server.url(), "orders_service", passwords.orders_service);
    await ask(orders, "CREATE TABLE orders (id int)");
    const stranger = new URL(addressFor(server.url(), "billing_service", passwords.billing_service));
    stranger.pathname = "/orders_service";
    await assert.rejects(ask(stranger.href, "SELECT 1"), /permission denied for database/u);
  });

  it("keeps what is there, and takes a new password", async () => {
    await prepareDatabases(server.url(), { orders_service: "four" });
    const orders = addressFor(server.url(), "orders_service", "four");
    assert.deepEqual(await ask(orders, "SELECT count(*)::int AS n FROM orders"), [{ n: 0 }]);
  });

  it("that can't be reached is told by its address, without the password", async () => {
    await assert.rejects(prepareDatabases("postgres://admin:secret@127.0.0.1:1/postgres", {}), (error: Error) => {
      assert.match(error.message, /admin@127\.0\.0\.1:1/u);
      assert.doesNotMatch(error.message, /secret/u);
      return true;
    });
  });
});
