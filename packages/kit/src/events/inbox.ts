import { dataLimits } from "../limits.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { Database, Transaction } from "../database/database.ts";
import type { Migration } from "../database/migrations.ts";

/** The table in the service's own database; goes among its migrations. */
export const inboxMigration: Migration = {
  name: "kit-0002-inbox",
  sql: `CREATE TABLE inbox (
          source text NOT NULL,
          id text NOT NULL,
          handled_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (source, id)
        );
        CREATE INDEX inbox_by_age ON inbox (handled_at)`,
};

export interface Inbox {
  /**
   * Handles an event once, however often it is delivered: that it was handled is stored with what the handler does, in
   * one transaction. A duplicate that comes at the same time waits for the first one. False for a duplicate.
   */
  once(tx: Transaction, event: CloudEvent, handle: () => Promise<void>): Promise<boolean>;
  /** Forgets what no transport delivers any more. */
  prune(): Promise<number>;
}

export function createInbox(db: Database): Inbox {
  return {
    async once(tx, event, handle) {
      const { count } = await tx.query("INSERT INTO inbox (source, id) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        event.source,
        event.id,
      ]);
      if (count === 0) return false;
      await handle();
      return true;
    },
    async prune() {
      const { count } = await db.query("DELETE FROM inbox WHERE handled_at < now() - make_interval(secs => $1)", [
        dataLimits.inboxRetentionMs / 1_000,
      ]);
      return count;
    },
  };
}
