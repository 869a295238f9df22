import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPostgres, freePort, startPostgres, stopPostgres, type Postgres } from "@fairway/postgres";
import { writePrivate } from "../background/background-process.ts";

/** The one PostgreSQL of the platform on this machine. */
export function databaseFolder(state: string): string {
  return join(state, "postgres");
}

/** Where it listens: where it did before, since pods that go on know it by that. */
export async function databasePort(state: string): Promise<number> {
  const running = findPostgres(databaseFolder(state));
  const path = join(state, "control", "database-port.json");
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as number) : undefined;
  if (running && running.port === known) return running.port;
  const port = running?.port ?? (await freePort(known));
  if (port !== known) writePrivate(path, port);
  return port;
}

/** Runs when this returns, with these databases. One that runs with them already is left alone. */
export async function ensureDatabase(state: string, databases: readonly string[], port: number): Promise<Postgres> {
  return startPostgres({ folder: databaseFolder(state), databases, port });
}

export async function stopDatabase(state: string): Promise<boolean> {
  return stopPostgres(databaseFolder(state));
}
