import { createHash } from "node:crypto";
import { dataLimits } from "../limits.ts";
import { DatabaseError } from "../database/database-error.ts";
import { problem } from "../http/problem.ts";
import type { Database, Queryable, Transaction } from "../database/database.ts";
import type { Migration } from "../database/migrations.ts";
import type { Reply } from "../http/route.ts";

/** The table in the service's own database; goes among its migrations. */
export const idempotencyMigration: Migration = {
  name: "kit-0003-idempotency",
  sql: `CREATE TABLE idempotency_keys (
          scope text NOT NULL,
          key text NOT NULL,
          fingerprint text NOT NULL,
          status int,
          body jsonb,
          headers jsonb,
          created_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (scope, key)
        );
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)`,
};

export interface IdempotentCall {
  /** The header `Idempotency-Key`. Without one the call is simply made. */
  readonly key: string | undefined;
  /** Who calls what: the same key of another caller is another key. */
  readonly scope: string;
  /** What was asked: the same key with another question is a mistake of the caller. */
  readonly input: unknown;
}

/**
 * Does something once for each key and gives duplicates the same answer. The answer is stored in the transaction of what
 * is done; a duplicate that comes meanwhile waits for it; after a failure the key is free again.
 */
export async function once<R extends Reply>(
  db: Database,
  call: IdempotentCall,
  run: (tx: Transaction) => Promise<R>,
): Promise<R> {
  const { key, scope } = call;
  if (key === undefined) return db.transaction(run);
  requireKey(key);
  const fingerprint = fingerprintOf(call);
  try {
    return await db.transaction(async (tx) => {
      await tx.query(`SET LOCAL lock_timeout = ${dataLimits.idempotencyWaitMs}`);
      // Waits here while another transaction holds the same key.
      const { count } = await tx.query(
        "INSERT INTO idempotency_keys (scope, key, fingerprint) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [scope, key, fingerprint],
      );
      if (count === 0) {
        const reply = await stored<R>(tx, call, fingerprint);
        if (reply) return reply;
        throw problem(409, "the first request with this Idempotency-Key was just forgotten; use a new one");
      }
      const reply = await run(tx);
      await tx.query("UPDATE idempotency_keys SET status = $3, body = $4, headers = $5 WHERE scope = $1 AND key = $2", [
        scope,
        key,
        reply.status,
        JSON.stringify(reply.body ?? null),
        JSON.stringify(reply.headers ?? {}),
      ]);
      return reply;
    });
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== "timeout") throw error;
    throw problem(409, {
      detail: "the first request with this Idempotency-Key is still being served; come again",
      headers: { "retry-after": "1" },
      cause: error,
    });
  }
}

/**
 * The answer that this call was given before, if it was. For work that has to be done outside of the transaction of
 * `once`: a duplicate must not need what the first call needed.
 */
export async function answered<R extends Reply>(db: Queryable, call: IdempotentCall): Promise<R | undefined> {
  if (call.key === undefined) return undefined;
  requireKey(call.key);
  return stored<R>(db, call, fingerprintOf(call));
}

function fingerprintOf({ input }: IdempotentCall): string {
  return createHash("sha256").update(JSON.stringify(input)).digest("hex");
}

interface StoredReply {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

async function stored<R extends Reply>(
  db: Queryable,
  call: IdempotentCall,
  fingerprint: string,
): Promise<R | undefined> {
  const { rows } = await db.query<StoredReply>(
    "SELECT fingerprint, status, body, headers FROM idempotency_keys WHERE scope = $1 AND key = $2",
    [call.scope, call.key],
  );
  const [found] = rows;
  if (!found) return undefined;
  if (found.fingerprint !== fingerprint) {
    throw problem(422, "this Idempotency-Key was used with another request before; use a new one for a new request");
  }
  const { status, body, headers } = found;
  // What was stored is a reply of the same route.
  return { status, body: body ?? undefined, headers: { ...headers, "idempotency-replayed": "true" } } as unknown as R;
}

function requireKey(key: string): void {
  if (key !== "" && key.length <= dataLimits.idempotencyKeyCharactersMax) return;
  throw problem(400, `an Idempotency-Key has 1 to ${dataLimits.idempotencyKeyCharactersMax} characters`);
}

/** Forgets answers that nobody asks for again. */
export async function pruneIdempotencyKeys(db: Queryable): Promise<number> {
  const { count } = await db.query(
    "DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(secs => $1)",
    [dataLimits.idempotencyRetentionMs / 1_000],
  );
  return count;
}
