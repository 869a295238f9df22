import { dataLimits } from "../limits.ts";
import { parseEvent } from "./cloud-event.ts";
import type { Database } from "../database/database.ts";
import type { DeadLetter, ReplayOptions } from "./event-transport.ts";

export async function deadLettersOf(db: Database, group: string): Promise<DeadLetter[]> {
  const { rows } = await db.query<{ event: unknown; error: string; failed_at: string }>(
    `SELECT event, error, failed_at FROM dead_letters JOIN events USING (position)
     WHERE consumer = $1 ORDER BY position LIMIT $2`,
    [group, dataLimits.deadLettersMax],
  );
  return rows.map(({ event, error, failed_at }) => ({ event: parseEvent(event), error, failedAt: failed_at }));
}

export async function replayDeadLettersOf(db: Database, group: string, ids?: readonly string[]): Promise<number> {
  return db.transaction(async (tx) => {
    const { count } = await tx.query(
      `WITH taken AS (
         DELETE FROM dead_letters l USING events e
         WHERE l.position = e.position AND l.consumer = $1 AND ($2::text[] IS NULL OR e.id = ANY ($2))
         RETURNING e.position, e.source, e.subject)
       INSERT INTO deliveries (consumer, position, source, subject)
       SELECT $1, position, source, subject FROM taken ON CONFLICT DO NOTHING`,
      [group, ids ? [...ids] : null],
    );
    await tx.query("SELECT pg_notify('events', '')");
    return count;
  });
}

export async function replayOf(db: Database, { group, since, types }: ReplayOptions): Promise<number> {
  // A delivery that is under way is waited for, so that what is handled just now is handled once more.
  return db.transaction(async (tx) => {
    const { count } = await tx.query(
      `INSERT INTO deliveries (consumer, position, source, subject)
       SELECT g.name, e.position, e.source, e.subject FROM events e JOIN groups g ON e.type = ANY (g.types)
       WHERE g.name = $1 AND e.published_at >= $2 AND ($3::text[] IS NULL OR e.type = ANY ($3))
       ON CONFLICT (consumer, position) DO UPDATE SET due_at = now()`,
      [group, since.toISOString(), types ? [...types] : null],
    );
    await tx.query("SELECT pg_notify('events', '')");
    return count;
  });
}
