import { deliver } from "./deliver.ts";
import { dataLimits } from "../limits.ts";
import { listenTo } from "./listen.ts";
import { migrate } from "../database/migrations.ts";
import { parseEvent } from "./cloud-event.ts";
import { deadLettersOf, replayDeadLettersOf, replayOf } from "./postgres-replay.ts";
import { eventsMigration } from "./postgres-schema.ts";
import { runInBackground } from "../lifecycle/background-loop.ts";
import type { BackgroundLoop } from "../lifecycle/background-loop.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { Database, Queryable, Transaction } from "../database/database.ts";
import type { DeliveryResult } from "./deliver.ts";
import type { EventHandler, EventTransport, SubscribeOptions } from "./event-transport.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface PostgresTransportOptions {
  readonly telemetry?: Telemetry;
  /** Close the database with the transport. */
  readonly ownsDatabase?: boolean;
}

const channel = "events";

/** Events in tables: a list of all of them, and for each group a list of what it still has to handle. */
export function postgresTransport(db: Database, options: PostgresTransportOptions = {}): EventTransport {
  const { telemetry } = options;
  const workers = new Set<BackgroundLoop>();
  let listener: ReturnType<typeof listenTo> | undefined;
  const wakeAll = (): void => {
    for (const worker of workers) worker.wake();
  };
  return {
    name: "events",
    prepare: async () => {
      await migrate(db, [eventsMigration]);
    },
    publish: (events) => publish(db, events),
    async subscribe(settings, handler) {
      await register(db, settings);
      listener ??= listenTo({ url: db.url, channel, onNotice: wakeAll, telemetry });
      const worker = work({ db, settings, handler, telemetry });
      workers.add(worker);
      return {
        async close() {
          workers.delete(worker);
          await worker.stop();
        },
      };
    },
    deadLetters: (group) => deadLettersOf(db, group),
    replayDeadLetters: (group, ids) => replayDeadLettersOf(db, group, ids),
    replay: (replay) => replayOf(db, replay),
    check: (signal) => db.check(signal),
    async close() {
      await Promise.all([...workers].map((each) => each.stop()));
      await listener?.close();
      if (options.ownsDatabase) await db.close();
    },
  };
}

/** Each event, and one delivery for each group that wants it, at once. */
async function publish(db: Database, events: readonly CloudEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.transaction(async (tx) => {
    await tx.query(
      `WITH given AS (
         SELECT value AS event, ordinality FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY),
       stored AS (
         INSERT INTO events (source, id, type, subject, event)
         SELECT event->>'source', event->>'id', event->>'type', event->>'subject', event FROM given ORDER BY ordinality
         ON CONFLICT DO NOTHING
         RETURNING position, type, source, subject)
       INSERT INTO deliveries (consumer, position, source, subject)
       SELECT groups.name, stored.position, stored.source, stored.subject
       FROM stored JOIN groups ON stored.type = ANY (groups.types)`,
      [JSON.stringify(events)],
    );
    await tx.query("SELECT pg_notify($1, '')", [channel]);
  });
}

async function register(db: Database, { group, types }: SubscribeOptions): Promise<void> {
  await db.query(
    `INSERT INTO groups (name, types) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET types = excluded.types WHERE groups.types <> excluded.types`,
    [group, [...types]],
  );
}

interface Worker {
  readonly db: Database;
  readonly settings: SubscribeOptions;
  readonly handler: EventHandler;
  readonly telemetry: Telemetry | undefined;
}

function work(worker: Worker): BackgroundLoop {
  let prunedAt = 0;
  return runInBackground({
    turn: async () => {
      if (Date.now() - prunedAt > dataLimits.pruneEveryMs) {
        prunedAt = Date.now();
        await prune(worker.db);
      }
      return handleBatch(worker);
    },
    onFailure: (error, failures) => worker.telemetry?.log.warn("events can't be taken", { error, failures }),
  });
}

interface ClaimedRow {
  readonly position: number;
  readonly attempts: number;
  readonly event: unknown;
}

/**
 * Takes the first due delivery of each subject, hands them out at the same time, and writes down what became of them.
 * Says when to look again.
 * The rows stay locked meanwhile, so other replicas pass over them, and get them when this process dies.
 */
async function handleBatch(worker: Worker): Promise<number> {
  const { db, settings } = worker;
  return db.transaction(async (tx) => {
    // The handlers' time counts as idle; they have their own limit.
    await tx.query(`SET LOCAL idle_in_transaction_session_timeout = ${dataLimits.deliveryTimeoutMs * 2}`);
    const { rows } = await tx.query<ClaimedRow>(claimSql, [settings.group, dataLimits.deliveryBatchMax]);
    if (rows.length === 0) return untilDue(tx, settings.group);
    const results = await Promise.all(rows.map(async (row) => ({ row, result: await handle(worker, row) })));
    const finished = results.filter(({ result }) => result.kind !== "retry").map(({ row }) => row.position);
    await tx.query("DELETE FROM deliveries WHERE consumer = $1 AND position = ANY ($2)", [settings.group, finished]);
    for (const { row, result } of results) await recordFailure(tx, { group: settings.group, row, result });
    return 0;
  });
}

const claimSql = `
  SELECT d.position, d.attempts, e.event
  FROM deliveries d JOIN events e USING (position)
  WHERE d.consumer = $1 AND d.due_at <= now()
    AND NOT EXISTS (
      SELECT 1 FROM deliveries earlier
      WHERE earlier.consumer = d.consumer AND earlier.source = d.source AND earlier.subject = d.subject
        AND earlier.position < d.position)
  ORDER BY d.position LIMIT $2
  FOR UPDATE OF d SKIP LOCKED`;

async function untilDue(tx: Queryable, group: string): Promise<number> {
  const { rows } = await tx.query<{ ms: number | null }>(
    `SELECT extract(epoch FROM min(due_at) - now()) * 1000 AS ms FROM deliveries WHERE consumer = $1 AND due_at > now()`,
    [group],
  );
  return Math.min(Math.max(rows[0]?.ms ?? dataLimits.deliveryPollMs, 1), dataLimits.deliveryPollMs);
}

async function handle(worker: Worker, row: ClaimedRow): Promise<DeliveryResult> {
  const { settings: options, handler, telemetry } = worker;
  try {
    return await deliver({ event: parseEvent(row.event), attempt: row.attempts + 1, options, handler, telemetry });
  } catch (error) {
    return { kind: "dead", error: String(error) };
  }
}

interface Outcome {
  readonly group: string;
  readonly row: ClaimedRow;
  readonly result: DeliveryResult;
}

async function recordFailure(tx: Transaction, { group, row, result }: Outcome): Promise<void> {
  const key = [group, row.position];
  if (result.kind === "retry") {
    await tx.query(
      `UPDATE deliveries SET attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => $3)
       WHERE consumer = $1 AND position = $2`,
      [...key, result.afterMs / 1_000],
    );
    return;
  }
  if (result.kind === "done") return;
  await tx.query(
    `INSERT INTO dead_letters (consumer, position, error) VALUES ($1, $2, $3)
     ON CONFLICT (consumer, position) DO UPDATE SET error = excluded.error, failed_at = now()`,
    [...key, result.error],
  );
}

/** What some group still has to handle, or could not, stays. */
async function prune(db: Database): Promise<void> {
  await db.query(
    `DELETE FROM events e WHERE published_at < now() - make_interval(secs => $1)
       AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.position = e.position)
       AND NOT EXISTS (SELECT 1 FROM dead_letters l WHERE l.position = e.position)`,
    [dataLimits.eventRetentionMs / 1_000],
  );
}
