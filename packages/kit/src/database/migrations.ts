import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { dataLimits } from "../limits.ts";
import type { Database, Queryable } from "./database.ts";

export interface Migration {
  /** Sorts as it is to be applied: `0001-orders`. */
  readonly name: string;
  readonly sql: string;
}

export type MigrationErrorCode = "changed" | "failed";

export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The `.sql` files of a folder, by name. */
export function readMigrations(folder: URL): Migration[] {
  const path = fileURLToPath(folder);
  const names = readdirSync(path).filter((name) => name.endsWith(".sql"));
  return names.toSorted().map((name) => ({ name: name.slice(0, -4), sql: readFileSync(join(path, name), "utf8") }));
}

/** Any number does, as long as it is the same for all replicas and nobody else's. */
const lockKey = 7_230_871_605;

/**
 * Applies what has not been applied, each in a transaction of its own. Replicas that start together take turns; one of
 * an older version leaves what a newer one has done alone. Says what was applied.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<string[]> {
  await db.transaction(async (tx) => {
    await takeTurn(tx);
    await tx.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
  });
  const applied: string[] = [];
  for (const migration of migrations) {
    if (await db.transaction((tx) => applyOnce(tx, migration))) applied.push(migration.name);
  }
  return applied;
}

async function takeTurn(tx: Queryable): Promise<void> {
  await tx.query(`SET LOCAL lock_timeout = ${dataLimits.migrationLockTimeoutMs}`);
  await tx.query(`SET LOCAL statement_timeout = ${dataLimits.migrationTimeoutMs}`);
  await tx.query("SELECT pg_advisory_xact_lock($1)", [lockKey]);
}

async function applyOnce(tx: Queryable, { name, sql }: Migration): Promise<boolean> {
  await takeTurn(tx);
  const checksum = createHash("sha256").update(sql).digest("hex");
  const { rows } = await tx.query<{ checksum: string }>("SELECT checksum FROM schema_migrations WHERE name = $1", [
    name,
  ]);
  const [known] = rows;
  if (known?.checksum === checksum) return false;
  if (known) {
    throw new MigrationError("changed", `the migration ${name} was changed after it had been applied; add a new one`);
  }
  try {
    await tx.query(sql);
  } catch (error) {
    throw new MigrationError("failed", `the migration ${name} failed and was undone: ${messageOf(error)}`, error);
  }
  await tx.query("INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)", [name, checksum]);
  return true;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
