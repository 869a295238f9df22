import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { serverAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { addDatabases, requireNames } from "./databases.ts";
import { initialise } from "./initialise.ts";
import { limits } from "./limits.ts";
import { PostgresError } from "./postgres-error.ts";
import { isAlive, readPostmaster } from "./postmaster-file.ts";
import { serverEnvironment } from "./run-program.ts";
import { accessRules, serverSettings } from "./settings.ts";
import { openServerFolder, readSecrets, writeSecrets } from "./server-folder.ts";
import { stopServer } from "./stop.ts";
import type { Account } from "./account.ts";
import type { Postmaster } from "./postmaster-file.ts";
import type { Secrets, ServerFolder } from "./server-folder.ts";

export interface StartOptions {
  /** Everything of the server is in here: data, log, passwords. Made when it is absent. */
  readonly folder: string;
  /** The port of the last start, or a free one, unless told otherwise. */
  readonly port?: number;
  /** Each gets a role of the same name that owns it. */
  readonly databases?: readonly string[];
  /** False for tests: nothing is flushed, a power cut loses everything. A killed server loses nothing either way. */
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A server that runs. It goes on when the one who started it ends. */
export interface Postgres {
  readonly folder: string;
  readonly pid: number;
  readonly port: number;
  readonly version: string;
  /** It ran before, and has been taken over. */
  readonly adopted: boolean;
  /** For a database with a role of its own; without a name as the superuser. With the password: keep it out of logs. */
  url(database?: string): string;
  stop(): Promise<void>;
}

export async function startPostgres(options: StartOptions): Promise<Postgres> {
  const names = options.databases ?? [];
  requireNames(names);
  const account = serverAccount();
  const binaries = findBinaries(account);
  const folder = openServerFolder(options.folder, account);
  const running = readPostmaster(folder.data);
  const complete = names.every((name) => Object.hasOwn(folder.secrets.roles, name));
  if (running && complete) {
    return handle(folder, folder.secrets, {
      ...(await untilReady(folder, running.pid)),
      version: binaries.version,
      adopted: true,
    });
  }
  if (running) await stopServer(folder.data);
  const durable = options.durable ?? true;
  await initialise(folder, { binaries, account, durable });
  const secrets = await addDatabases(folder, names, { binaries, account });
  const started = await launch(folder, {
    ...options,
    durable,
    account,
    program: binaries.postgres,
    lastPort: secrets.port,
  });
  const remembered = { ...secrets, port: started.port };
  writeSecrets(folder.path, remembered);
  return handle(folder, remembered, { ...started, version: binaries.version, adopted: false });
}

/** The server of a folder, if one runs there. */
export function findPostgres(folder: string): Postmaster | undefined {
  return existsSync(join(folder, "secrets.json")) ? readPostmaster(readSecrets(folder).data) : undefined;
}

function handle(
  folder: ServerFolder,
  secrets: Secrets,
  server: Postmaster & { version: string; adopted: boolean },
): Postgres {
  const { pid, port, version, adopted } = server;
  return {
    folder: folder.path,
    pid,
    port,
    version,
    adopted,
    url: (database) => {
      const password = database === undefined ? secrets.password : secrets.roles[database];
      if (password === undefined) {
        throw new PostgresError(
          "invalid_option",
          `the database ${database} was not asked for when the server was started`,
        );
      }
      return `postgres://${database ?? "postgres"}:${password}@127.0.0.1:${port}/${database ?? "postgres"}`;
    },
    stop: () => stopServer(folder.data),
  };
}

interface LaunchOptions extends StartOptions {
  readonly account: Account | undefined;
  readonly program: string;
  readonly durable: boolean;
  readonly lastPort: number | undefined;
}

async function launch(folder: ServerFolder, options: LaunchOptions): Promise<Postmaster> {
  const fixed = options.port !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (attempt === 1 ? await portAgain(options.lastPort) : await freePort());
    const offset = existsSync(folder.log) ? statSync(folder.log).size : 0;
    const pid = spawnServer(folder, port, options);
    try {
      return await untilReady(folder, pid);
    } catch (error) {
      const log = logSince(folder.log, offset);
      const portTaken = log.includes("could not bind") || log.includes("could not create any TCP/IP sockets");
      // After a kill the last server processes notice within milliseconds that their parent has gone.
      const lingering = log.includes("shared memory block") || log.includes("postmaster.pid");
      if (attempt < limits.portAttemptsMax && ((portTaken && !fixed) || lingering)) {
        await delay(limits.pollMs * 5 * attempt);
        continue;
      }
      const reason = portTaken ? `port ${port} is taken` : log.trim() || "it said nothing";
      throw new PostgresError("start_failed", `PostgreSQL did not start on ${folder.data}: ${reason}`, error);
    }
  }
}

/** Detached and with its own log file, so that nothing of it depends on the life of its starter. */
function spawnServer(folder: ServerFolder, port: number, options: LaunchOptions): number {
  if (!readPostmaster(folder.data)) rmSync(join(folder.data, "postmaster.pid"), { force: true });
  writeFileSync(join(folder.data, "pg_hba.conf"), accessRules);
  const settings = { ...serverSettings(options.durable), ...options.settings };
  const log = openSync(folder.log, "a", 0o600);
  try {
    const args = ["-D", folder.data, "-p", String(port)];
    for (const [name, value] of Object.entries(settings)) args.push("-c", `${name}=${value}`);
    const child = spawn(options.program, args, {
      ...options.account,
      cwd: options.account ? "/" : folder.path,
      env: serverEnvironment(),
      detached: true,
      stdio: ["ignore", log, log],
    });
    child.on("error", () => undefined);
    child.unref();
    if (child.pid === undefined) throw new PostgresError("start_failed", `${options.program} could not be run`);
    return child.pid;
  } finally {
    closeSync(log);
  }
}

async function untilReady(folder: ServerFolder, pid: number): Promise<Postmaster> {
  const end = performance.now() + limits.startTimeoutMs;
  for (;;) {
    const found = readPostmaster(folder.data);
    if (found?.pid === pid && found.ready) return found;
    if (!isAlive(pid)) throw new PostgresError("start_failed", `the server process ${pid} ended`);
    if (performance.now() > end) {
      throw new PostgresError(
        "start_failed",
        `the server process ${pid} is not ready after ${limits.startTimeoutMs} ms`,
      );
    }
    await delay(limits.pollMs);
  }
}

function logSince(path: string, offset: number): string {
  return existsSync(path) ? readFileSync(path).subarray(offset).subarray(-limits.logTailBytes).toString("utf8") : "";
}

/** Those who know the address go on with it. Processes of a killed server hold the port for some milliseconds more. */
async function portAgain(last: number | undefined): Promise<number> {
  if (last === undefined) return freePort();
  const end = performance.now() + limits.samePortTimeoutMs;
  while (performance.now() < end) {
    if ((await freePort(last)) === last) return last;
    await delay(limits.pollMs);
  }
  return freePort();
}

/** A port that nobody listens on now; the wished one if it is free. */
export function freePort(wished = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (wished === 0 ? reject(error) : resolve(freePort())));
    server.listen(wished, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
