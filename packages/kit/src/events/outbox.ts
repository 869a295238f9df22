import { cloudEvent } from "./cloud-event.ts";
import { dataLimits } from "../limits.ts";
import { runInBackground } from "../lifecycle/background-loop.ts";
import type { BackgroundLoop } from "../lifecycle/background-loop.ts";
import type { CloudEvent, NewEvent } from "./cloud-event.ts";
import type { Database, Transaction } from "../database/database.ts";
import type { Dependency } from "../lifecycle/dependency.ts";
import type { EventTransport } from "./event-transport.ts";
import type { Migration } from "../database/migrations.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** The table in the service's own database; goes among its migrations. */
export const outboxMigration: Migration = {
  name: "kit-0001-outbox",
  sql: `CREATE TABLE outbox (
          position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          event jsonb NOT NULL,
          added_at timestamptz NOT NULL DEFAULT now()
        )`,
};

export interface Outbox extends Dependency {
  /** Stored with the change that it tells of, in the same transaction: both happen or none. */
  add<Data>(tx: Transaction, event: NewEvent<Data>): Promise<CloudEvent<Data>>;
  /** Begins to publish. */
  start(): void;
  /** How many wait to be published. */
  waiting(): Promise<number>;
}

/** Any number does, as long as nobody else takes it for something else. */
const lockKey = 7_230_871_606;

/**
 * Publishes what transactions have left behind, in their order. Of several replicas one publishes at a time. An event
 * that was published but not yet deleted when a process dies is published again, under the same id.
 */
export function createOutbox(db: Database, transport: EventTransport, telemetry?: Telemetry): Outbox {
  let loop: BackgroundLoop | undefined;
  return {
    name: "outbox",
    async add(tx, event) {
      const made = cloudEvent(event);
      await tx.query("INSERT INTO outbox (event) VALUES ($1)", [JSON.stringify(made)]);
      tx.afterCommit(() => loop?.wake());
      return made;
    },
    start() {
      loop ??= runInBackground({
        turn: async () =>
          (await relayBatch(db, transport)) === dataLimits.outboxBatchMax ? 0 : dataLimits.outboxPollMs,
        onFailure: (error, failures) => telemetry?.log.warn("events wait to be published", { error, failures }),
      });
    },
    async waiting() {
      const { rows } = await db.query<{ count: number }>("SELECT count(*) AS count FROM outbox");
      return rows[0]?.count ?? 0;
    },
    // Events wait safely when nothing can be published; that must not make a service unready.
    check: () => Promise.resolve(),
    async close() {
      await loop?.stop();
    },
  };
}

/** The lock ends with the transaction, so a replica that dies leaves its turn to the next one. */
function relayBatch(db: Database, transport: EventTransport): Promise<number> {
  return db.transaction(async (tx) => {
    const lock = await tx.query<{ taken: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS taken", [lockKey]);
    if (lock.rows[0]?.taken !== true) return 0;
    const { rows } = await tx.query<{ position: number; event: CloudEvent }>(
      "SELECT position, event FROM outbox ORDER BY position LIMIT $1",
      [dataLimits.outboxBatchMax],
    );
    if (rows.length === 0) return 0;
    await transport.publish(rows.map(({ event }) => event));
    await tx.query("DELETE FROM outbox WHERE position = ANY($1)", [rows.map(({ position }) => position)]);
    return rows.length;
  });
}
