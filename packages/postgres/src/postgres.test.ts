import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { canReach } from "./account.ts";
import { findPostgres, freePort, PostgresError, removePostgres, startPostgres, stopPostgres } from "./index.ts";
import type { StartOptions } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "postgres-"));
// Root starts the server as another account, which has to get in.
chmodSync(root, 0o711);
const folder = join(root, "server");
const options: StartOptions = { folder, databases: ["orders", "billing"], durable: false };

before(async () => {
  await startPostgres(options);
});

after(async () => {
  await removePostgres(folder);
  rmSync(root, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client(url);
  // A server that is killed breaks its connections; each question here opens its own.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return Object.values(((await client.query(sql)).rows[0] as object | undefined) ?? {})[0];
  } finally {
    await client.end();
  }
}

test("a server that runs is taken over instead of started again", async () => {
  const first = await startPostgres(options);
  const second = await startPostgres(options);
  assert.equal(second.adopted, true);
  assert.equal(second.pid, first.pid);
  assert.equal(findPostgres(folder)?.pid, first.pid);
});

test("it is PostgreSQL 18 and listens on the loopback address alone", async () => {
  const { url } = await startPostgres(options);
  assert.match(String(await ask(url(), "SHOW server_version")), /^18\./);
  assert.equal(await ask(url(), "SHOW listen_addresses"), "127.0.0.1");
});

test("each database belongs to a role that may not enter the others", async () => {
  const { url } = await startPostgres(options);
  assert.equal(await ask(url("orders"), "SELECT current_user"), "orders");
  const other = new URL(url("orders"));
  other.pathname = "/billing";
  await assert.rejects(ask(other.href, "SELECT 1"), /permission denied for database/);
});

test("a wrong password is refused", async () => {
  const { url } = await startPostgres(options);
  const wrong = new URL(url());
  wrong.password = "guess";
  await assert.rejects(ask(wrong.href, "SELECT 1"), /password authentication failed/);
});

test("passwords are readable by their owner alone", () => {
  assert.equal(statSync(join(folder, "secrets.json")).mode & 0o077, 0);
});

test("what was acknowledged is there after the server was killed, on the same port", async () => {
  const first = await startPostgres(options);
  await ask(first.url("orders"), "CREATE TABLE kept (n int)");
  await ask(first.url("orders"), "INSERT INTO kept VALUES (42)");
  process.kill(first.pid, "SIGKILL");
  // The signal is on its way when the call returns.
  while (findPostgres(folder)) await new Promise((resolve) => setImmediate(resolve));
  const second = await startPostgres(options);
  assert.notEqual(second.pid, first.pid);
  assert.equal(second.port, first.port);
  assert.equal(await ask(second.url("orders"), "SELECT n FROM kept"), 42);
});

test("it goes on when the one who started it is killed", async () => {
  await stopPostgres(folder);
  const source = `import { startPostgres } from ${JSON.stringify(new URL("index.ts", import.meta.url).href)};
    const { pid } = await startPostgres(${JSON.stringify(options)});
    process.stdout.write(String(pid));
    setInterval(() => undefined, 60_000);`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [chunk] = (await once(starter.stdout, "data")) as [Buffer];
  starter.kill("SIGKILL");
  await once(starter, "exit");
  const server = await startPostgres(options);
  assert.equal(server.pid, Number(chunk.toString()));
  assert.equal(server.adopted, true);
});

test("a database that is asked for later is added, and the data of the others stays", async () => {
  const before_ = await startPostgres(options);
  await ask(before_.url("billing"), "CREATE TABLE stays (n int)");
  const { url } = await startPostgres({ ...options, databases: ["orders", "billing", "inventory"] });
  assert.equal(await ask(url("inventory"), "SELECT current_database()"), "inventory");
  assert.equal(await ask(url("billing"), "SELECT count(*)::int FROM stays"), 0);
});

test("an interrupted initialisation is made anew", async () => {
  const path = join(root, "interrupted");
  mkdirSync(join(path, "data"), { recursive: true });
  writeFileSync(join(path, "secrets.json"), JSON.stringify({ password: "abc", roles: {}, data: join(path, "data") }));
  writeFileSync(join(path, "data", "PG_VERSION"), "half");
  const server = await startPostgres({ folder: path, durable: false });
  assert.equal(await ask(server.url(), "SELECT 1"), 1);
  await removePostgres(path);
  assert.equal(existsSync(path), false);
});

test("a folder that was moved while its server runs has that server and its data", async () => {
  const [before, later] = [join(root, "before"), join(root, "later")];
  const { pid } = await startPostgres({ folder: before, durable: false });
  renameSync(before, later);
  const moved = await startPostgres({ folder: later, durable: false });
  assert.equal(moved.pid, pid);
  await moved.stop();
  await (await startPostgres({ folder: later, durable: false })).stop();
});

test("a folder that others may not enter works too, whoever starts the server", async () => {
  const path = join(root, "private", "server");
  mkdirSync(join(root, "private"), { mode: 0o700 });
  const server = await startPostgres({ folder: path, durable: false });
  assert.equal(await ask(server.url(), "SELECT 1"), 1);
  assert.equal((await startPostgres({ folder: path, durable: false })).pid, server.pid);
  await removePostgres(path);
});

test("a data folder of somebody else is refused, not touched", async () => {
  const path = join(root, "foreign");
  mkdirSync(join(path, "data"), { recursive: true });
  writeFileSync(join(path, "data", "precious"), "mine");
  await assert.rejects(startPostgres({ folder: path }), (error) => {
    return error instanceof PostgresError && error.code === "taken_folder" && error.message.includes("choose another");
  });
  assert.equal(readFileSync(join(path, "data", "precious"), "utf8"), "mine");
});

test("a taken port is an error that names it", async () => {
  await stopPostgres(folder);
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const address = blocker.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await assert.rejects(startPostgres({ ...options, port }), new RegExp(`port ${port} is taken`));
  blocker.close();
  await startPostgres({ ...options, port: await freePort() });
});

test("a process that has the number of a dead server is not taken for it", async () => {
  const server = await startPostgres(options);
  await server.stop();
  const file = join(folder, "data", "postmaster.pid");
  writeFileSync(file, [process.pid, join(folder, "data"), 0, server.port, "", "127.0.0.1", "", "ready"].join("\n"));
  assert.equal(findPostgres(folder), undefined);
  assert.equal(await stopPostgres(folder), false);
  const again = await startPostgres(options);
  assert.equal(again.adopted, false);
});

test("a name that is no name for a database is refused", async () => {
  await assert.rejects(startPostgres({ folder, databases: ['x"; DROP'] }), /no name for a database/);
  await assert.rejects(startPostgres({ folder, databases: ["postgres"] }), /no name for a database/);
});

test("a folder that only root may enter cannot be reached by another account", () => {
  const closed = join(root, "closed");
  mkdirSync(closed, { mode: 0o700 });
  assert.equal(canReach(join(closed, "deeper"), { uid: 54_321, gid: 54_321 }), false);
  assert.equal(canReach(join(closed, "deeper"), undefined), true);
});
