import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freePort, removePostgres, startPostgres } from "@fairway/postgres";
import { cloudEvent } from "./cloud-event.ts";
import { createInbox, inboxMigration } from "./inbox.ts";
import { createOutbox, outboxMigration } from "./outbox.ts";
import { migrate } from "../database/migrations.ts";
import { natsTransport } from "./nats-transport.ts";
import { openDatabase } from "../database/database.ts";
import { openTransport } from "./open-transport.ts";
import { transportContract } from "./transport-contract.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { EventTransport } from "./event-transport.ts";

const root = mkdtempSync(join(tmpdir(), "events-"));
const server = await startPostgres({ folder: join(root, "pg"), databases: ["events", "shop"], durable: false });
const db = openDatabase({ url: server.url("shop"), poolMax: 5 });
await migrate(db, [outboxMigration, inboxMigration]);
await db.query("CREATE TABLE things (name text PRIMARY KEY, count int NOT NULL DEFAULT 0)");

const nats = await startNats();

after(async () => {
  await db.close();
  nats?.kill();
  await removePostgres(join(root, "pg"));
  rmSync(root, { recursive: true, force: true });
});

interface Nats {
  readonly url: string;
  kill(): void;
}

async function startNats(): Promise<Nats | undefined> {
  const program = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"].find(existsSync);
  if (program === undefined) return undefined;
  const port = await freePort();
  const child = spawn(program, ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", join(root, "nats")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`nats-server ended: ${said}`)));
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("Server is ready")) resolve();
    });
  });
  child.stderr.resume();
  return { url: `nats://127.0.0.1:${port}`, kill: () => child.kill("SIGKILL") };
}

async function postgres(): Promise<EventTransport> {
  const transport = openTransport({ url: server.url("events") });
  await transport.prepare();
  return transport;
}

transportContract("postgres", postgres);

if (nats) {
  transportContract("nats", async () => {
    const transport = natsTransport({ url: nats.url });
    await transport.prepare();
    return transport;
  });
} else {
  test("nats", { skip: "nats-server is not on this machine (Debian's package nats-server)" }, () => undefined);
}

test("an event leaves the outbox only when its transaction was committed", async () => {
  const transport = await postgres();
  const outbox = createOutbox(db, transport);
  const seen: CloudEvent[] = [];
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  await transport.subscribe({ group: "outbox-test", types: ["ThingMade"] }, async (event) => {
    seen.push(event);
    resolve();
  });
  outbox.start();
  const made = { source: "/things", type: "ThingMade", subject: "t", data: { name: "kept" } };
  await assert.rejects(
    db.transaction(async (tx) => {
      await outbox.add(tx, { ...made, data: { name: "lost" } });
      throw new Error("rolled back");
    }),
    /rolled back/,
  );
  await db.transaction(async (tx) => {
    await tx.query("INSERT INTO things (name) VALUES ('kept')");
    await outbox.add(tx, made);
  });
  await arrived;
  assert.deepEqual(
    seen.map(({ data }) => data),
    [{ name: "kept" }],
  );
  await outbox.close();
  assert.equal(await outbox.waiting(), 0);
  await transport.close();
});

test("events wait in the outbox while the transport is away, and leave in their order when it is back", async () => {
  const real = await postgres();
  let away = true;
  let tries = 0;
  const { promise: triedTwice, resolve: tried } = Promise.withResolvers<void>();
  const flaky: EventTransport = {
    ...real,
    publish: async (events) => {
      tries += 1;
      if (tries === 2) tried();
      if (away) throw new Error("away");
      await real.publish(events);
    },
  };
  const outbox = createOutbox(db, flaky);
  outbox.start();
  const seen: string[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  await real.subscribe({ group: "flaky-test", types: ["Waited"] }, async ({ id }) => {
    seen.push(id);
    if (seen.length === 3) resolve();
  });
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) {
    await db.transaction(async (tx) => {
      ids.push((await outbox.add(tx, { source: "/things", type: "Waited", subject: "same", data: name })).id);
    });
  }
  await triedTwice;
  assert.equal(await outbox.waiting(), 3);
  away = false;
  await all;
  assert.deepEqual(seen, ids);
  await outbox.close();
  await real.close();
});

test("an event that comes many times at once is handled once, and again when handling it failed", async () => {
  const inbox = createInbox(db);
  const event = cloudEvent({ source: "/things", type: "ThingMade", subject: "counted", data: {} });
  await db.query("INSERT INTO things (name) VALUES ('counted')");
  const handle = (fail: boolean): Promise<boolean> =>
    db.transaction((tx) =>
      inbox.once(tx, event, async () => {
        await tx.query("UPDATE things SET count = count + 1 WHERE name = 'counted'");
        if (fail) throw new Error("failed after the change");
      }),
    );
  await assert.rejects(handle(true), /failed after the change/);
  const results = await Promise.all(Array.from({ length: 10 }, () => handle(false)));
  assert.equal(results.filter(Boolean).length, 1);
  const { rows } = await db.query("SELECT count FROM things WHERE name = 'counted'");
  assert.deepEqual(rows, [{ count: 1 }]);
});

test("an event that is no event, or too large, is refused before it is stored", () => {
  const fields = { source: "/things", type: "ThingMade", subject: "s" };
  assert.throws(() => cloudEvent({ ...fields, type: "thing.made", data: 1 }), /no type of an event/);
  assert.throws(() => cloudEvent({ ...fields, subject: "", data: 1 }), /no subject/);
  assert.throws(() => cloudEvent({ ...fields, data: "x".repeat(70_000) }), /65536 are allowed/);
});
