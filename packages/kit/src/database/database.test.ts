import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { removePostgres, startPostgres } from "@fairway/postgres";
import { createTelemetry } from "../telemetry/telemetry.ts";
import { DatabaseError } from "./database-error.ts";
import { exposition } from "../telemetry/exposition.ts";
import { HttpProblem } from "../http/problem.ts";
import { idempotencyMigration, once, pruneIdempotencyKeys } from "../idempotency/idempotency.ts";
import { migrate, MigrationError } from "./migrations.ts";
import { openDatabase } from "./database.ts";
import type { FinishedSpan } from "../telemetry/tracer.ts";
import type { Transaction } from "./database.ts";

const root = mkdtempSync(join(tmpdir(), "database-"));
const server = await startPostgres({ folder: join(root, "pg"), databases: ["one", "two"], durable: false });
const db = openDatabase({ url: server.url("one"), poolMax: 8 });
await migrate(db, [
  idempotencyMigration,
  {
    name: "0001-accounts",
    sql: "CREATE TABLE accounts (name text PRIMARY KEY, cents bigint NOT NULL CHECK (cents >= 0))",
  },
]);

after(async () => {
  await db.close();
  await removePostgres(join(root, "pg"));
  rmSync(root, { recursive: true, force: true });
});

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof DatabaseError && error.code === code;
}

test("gives whole numbers, amounts and times as JSON has them", async () => {
  const { rows } = await db.query("SELECT 9007199254740991::bigint AS big, 1.5::numeric AS n, $1::timestamptz AS at", [
    "2026-01-02T03:04:05.678Z",
  ]);
  assert.deepEqual(rows, [{ big: 9_007_199_254_740_991, n: 1.5, at: "2026-01-02T03:04:05.678Z" }]);
  await assert.rejects(db.query("SELECT 9007199254740993::bigint"), /does not fit/);
});

test("says which rule a statement broke, and whether it may be tried again", async () => {
  await db.query("INSERT INTO accounts VALUES ('rules', 1)");
  await assert.rejects(db.query("INSERT INTO accounts VALUES ('rules', 1)"), (error) => {
    return (
      error instanceof DatabaseError && error.code === "unique" && error.constraint === "accounts_pkey" && !error.retry
    );
  });
  await assert.rejects(db.query("UPDATE accounts SET cents = -1 WHERE name = 'rules'"), hasCode("check"));
  await assert.rejects(db.query("SELECT nonsense"), hasCode("rejected"));
});

test("undoes a transaction that fails, and then tells nobody that it was done", async () => {
  let told = 0;
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query("INSERT INTO accounts VALUES ('undone', 1)");
      tx.afterCommit(() => (told += 1));
      throw new Error("changed my mind");
    }),
    /changed my mind/,
  );
  assert.equal((await db.query("SELECT 1 FROM accounts WHERE name = 'undone'")).count, 0);
  assert.equal(told, 0);
});

test("runs a transaction that lost against another one again", async () => {
  await db.query("INSERT INTO accounts VALUES ('left', 10), ('right', 10)");
  let runs = 0;
  const { promise: bothHoldOne, resolve } = Promise.withResolvers<void>();
  const lockBoth = (first: string, second: string): Promise<void> =>
    db.transaction(async (tx: Transaction) => {
      runs += 1;
      await tx.query("UPDATE accounts SET cents = cents + 1 WHERE name = $1", [first]);
      if (runs >= 2) resolve();
      await bothHoldOne;
      await tx.query("UPDATE accounts SET cents = cents + 1 WHERE name = $1", [second]);
    });
  await Promise.all([lockBoth("left", "right"), lockBoth("right", "left")]);
  assert.equal(runs, 3);
  const { rows } = await db.query("SELECT cents FROM accounts WHERE name IN ('left', 'right')");
  assert.deepEqual(rows, [{ cents: 12 }, { cents: 12 }]);
});

test("ends a statement that takes too long", async () => {
  const hasty = openDatabase({ url: server.url("one"), poolMax: 1, statementTimeoutMs: 1_000 });
  await assert.rejects(hasty.query("SELECT pg_sleep(30)"), hasCode("timeout"));
  assert.deepEqual((await hasty.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
  await hasty.close();
});

test("goes on with new connections when the server ended the old ones", async () => {
  const other = openDatabase({ url: server.url("one"), poolMax: 2 });
  const inside = other.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await db.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
    await tx.query("SELECT 1");
  });
  await assert.rejects(
    inside,
    (error) => error instanceof DatabaseError && error.code === "unavailable" && error.retry,
  );
  assert.deepEqual((await other.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
  await other.close();
});

test("measures statements and shows them in the trace of a request", async () => {
  const spans: FinishedSpan[] = [];
  const telemetry = createTelemetry({
    name: "test",
    version: "1",
    config: { LOG_LEVEL: "error" },
    output: { write: () => undefined },
    spans: { take: (span) => spans.push(span) },
  });
  const measured = openDatabase({ url: server.url("one"), telemetry });
  await measured.query("SELECT 1");
  assert.equal(spans.length, 0);
  await telemetry.tracer.span("request", () => measured.query("SELECT name FROM accounts WHERE name = $1", ["secret"]));
  assert.deepEqual(
    spans.map(({ name }) => name),
    ["SELECT accounts", "request"],
  );
  assert.doesNotMatch(JSON.stringify(spans), /secret/);
  assert.match(exposition(telemetry.metrics), /db_client_operation_duration_seconds_count\{.*operation="SELECT".*\} 2/);
  await measured.close();
  await telemetry.close();
});

test("applies migrations once when many replicas start at the same time", async () => {
  const replicas = Array.from({ length: 6 }, () => openDatabase({ url: server.url("two"), poolMax: 2 }));
  const migrations = [
    { name: "0001-first", sql: "CREATE TABLE first (n int); INSERT INTO first VALUES (1)" },
    { name: "0002-second", sql: "INSERT INTO first VALUES (2)" },
  ];
  const applied = await Promise.all(replicas.map((replica) => migrate(replica, migrations)));
  assert.deepEqual(applied.flat().toSorted(), ["0001-first", "0002-second"]);
  const seen = await Promise.all(replicas.map((replica) => replica.query("SELECT n FROM first ORDER BY n")));
  for (const { rows } of seen) assert.deepEqual(rows, [{ n: 1 }, { n: 2 }]);
  await Promise.all(replicas.map((replica) => replica.close()));
});

test("refuses a migration that was changed, and undoes one that fails", async () => {
  const two = openDatabase({ url: server.url("two"), poolMax: 2 });
  const applied = { name: "0003-third", sql: "CREATE TABLE third (n int)" };
  await migrate(two, [applied]);
  const changed = migrate(two, [{ ...applied, sql: "CREATE TABLE third (n bigint)" }]);
  await assert.rejects(changed, (error) => error instanceof MigrationError && error.code === "changed");
  const half = { name: "0004-half", sql: "CREATE TABLE half (n int); SELECT nonsense" };
  await assert.rejects(migrate(two, [half]), /0004-half failed and was undone.*nonsense/s);
  await assert.rejects(two.query("SELECT 1 FROM half"), /does not exist/);
  assert.deepEqual(await migrate(two, [applied, { ...half, sql: "CREATE TABLE half (n int)" }]), ["0004-half"]);
  await two.close();
});

test("answers duplicates of a request as the first one, also when they come at the same time", async () => {
  let runs = 0;
  const call = { key: "key-1", scope: "caller POST /orders", input: { product: 1 } };
  const make = () =>
    once(db, call, async (tx) => {
      runs += 1;
      await tx.query("INSERT INTO accounts VALUES ('once', $1)", [runs]);
      return { status: 201, body: { id: runs }, headers: { location: "/orders/1" } };
    });
  const replies = await Promise.all(Array.from({ length: 5 }, make));
  assert.equal(runs, 1);
  for (const { status, body, headers } of replies) {
    assert.deepEqual(
      { status, body, location: headers.location },
      { status: 201, body: { id: 1 }, location: "/orders/1" },
    );
  }
  assert.equal(replies.filter(({ headers }) => "idempotency-replayed" in headers).length, 4);
});

test("refuses a used key with another request, and keeps callers apart", async () => {
  const reply = async () => ({ status: 200, body: "first" });
  const call = { key: "key-2", scope: "one", input: { a: 1 } };
  await once(db, call, reply);
  const other = once(db, { ...call, input: { a: 2 } }, reply);
  await assert.rejects(other, (error) => error instanceof HttpProblem && error.status === 422);
  const { body } = await once(db, { ...call, scope: "two", input: { a: 2 } }, async () => ({
    status: 200,
    body: "second",
  }));
  assert.equal(body, "second");
});

test("frees a key when what it stands for failed, and forgets it in the end", async () => {
  const call = { key: "key-3", scope: "one", input: {} };
  const failed = once(db, call, async () => {
    throw new Error("no luck");
  });
  await assert.rejects(failed, /no luck/);
  assert.equal((await once(db, call, async () => ({ status: 200 }))).status, 200);
  await db.query("UPDATE idempotency_keys SET created_at = now() - interval '2 days' WHERE key = 'key-3'");
  assert.equal(await pruneIdempotencyKeys(db), 1);
  await assert.rejects(
    once(db, { ...call, key: "k".repeat(300) }, async () => ({ status: 200 })),
    /1 to 200 characters/,
  );
});
