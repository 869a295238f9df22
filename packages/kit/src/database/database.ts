import { setTimeout as delay } from "node:timers/promises";
import { Pool, types } from "pg";
import { dataLimits } from "../limits.ts";
import { DatabaseError, databaseError } from "./database-error.ts";
import { queryMeter } from "./query-meter.ts";
import type { PoolClient } from "pg";
import type { Dependency } from "../lifecycle/dependency.ts";
import type { QueryMeter } from "./query-meter.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface QueryResult<Row> {
  readonly rows: readonly Row[];
  /** How many rows were read or changed. */
  readonly count: number;
}

export interface Queryable {
  /** Parameters go to the server by themselves (`$1`), never into the text. The caller names what a row looks like. */
  query<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

export interface Transaction extends Queryable {
  /** Runs when everybody can see what was done; not at all when it is rolled back. Must not throw. */
  afterCommit(run: () => void): void;
}

export interface Database extends Queryable, Dependency {
  readonly url: string;
  /** Runs again when it lost against another transaction, so `run` does nothing that can't be undone. */
  transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly name?: string;
  readonly poolMax?: number;
  readonly statementTimeoutMs?: number;
  readonly telemetry?: Telemetry;
}

const int8 = 20;
const timestamptz = 1184;
const numeric = 1700;

/** Amounts are cents and counts, far below 2^53; times are the texts that go over the wire. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [int8]: (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a number`);
    return value;
  },
  [numeric]: Number,
  [timestamptz]: (text) => new Date(text).toISOString(),
};

export function openDatabase(options: DatabaseOptions): Database {
  const { url, name = "database", telemetry } = options;
  const statementTimeoutMs = options.statementTimeoutMs ?? dataLimits.statementTimeoutMs;
  const pool = new Pool({
    connectionString: url,
    max: options.poolMax ?? dataLimits.poolMax,
    connectionTimeoutMillis: dataLimits.connectTimeoutMs,
    idleTimeoutMillis: dataLimits.idleConnectionMs,
    statement_timeout: statementTimeoutMs,
    // The server's own timeout comes first; this one is for a server that has gone without a word.
    query_timeout: statementTimeoutMs + dataLimits.connectTimeoutMs,
    idle_in_transaction_session_timeout: dataLimits.idleTransactionMs,
    keepAlive: true,
    types: { getTypeParser: (oid: number, format?: "text" | "binary") => parserOf(oid, format) },
  });
  pool.on("error", (error) => telemetry?.log.debug("an idle database connection broke", { error }));
  const meter = queryMeter(pool, name, telemetry);
  const query = queryWith(pool, meter);
  return {
    name,
    url,
    query,
    transaction: (run) => transactionWith(pool, meter, run),
    check: async () => {
      await query("SELECT 1");
    },
    close: () => pool.end(),
  };
}

function parserOf(oid: number, format: "text" | "binary" = "text"): (value: string) => unknown {
  return parsers[oid] ?? types.getTypeParser(oid, format as "text");
}

function queryWith(on: Pick<PoolClient, "query">, meter: QueryMeter): Queryable["query"] {
  return async <Row>(sql: string, parameters: readonly unknown[] = []) => {
    const done = meter(sql);
    try {
      const result = await on.query<Row & object>(sql, [...parameters]);
      done();
      return { rows: result.rows, count: result.rowCount ?? 0 };
    } catch (cause) {
      const error = databaseError(cause);
      done(error);
      throw error;
    }
  };
}

async function transactionWith<T>(pool: Pool, meter: QueryMeter, run: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transactionOnce(pool, meter, run);
    } catch (error) {
      const contended = error instanceof DatabaseError && error.code === "contention";
      if (!contended || attempt >= dataLimits.transactionAttemptsMax) throw error;
    }
    await delay(dataLimits.transactionRetryBaseMs * 2 ** attempt * (0.5 + Math.random()));
  }
}

async function transactionOnce<T>(pool: Pool, meter: QueryMeter, run: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  const committed: (() => void)[] = [];
  const query = queryWith(client, meter);
  let broken: Error | undefined;
  // A connection that breaks while it is ours reports here; the query under way fails as well.
  const onBreak = (error: Error): void => {
    broken = error;
  };
  client.on("error", onBreak);
  try {
    await query("BEGIN");
    const result = await run({ query, afterCommit: (then) => committed.push(then) });
    await query("COMMIT");
    return result;
  } catch (error) {
    await query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    committed.length = 0;
    throw error;
  } finally {
    client.off("error", onBreak);
    client.release(broken);
    for (const then of committed) then();
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw databaseError(cause);
  }
}
