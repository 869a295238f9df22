import { idempotencyMigration } from "../idempotency/idempotency.ts";
import { inboxMigration } from "./inbox.ts";
import { outboxMigration } from "./outbox.ts";
import type { Migration } from "../database/migrations.ts";

/** The tables of outbox, inbox and idempotency keys, for a service that uses all of them. */
export const kitMigrations: readonly Migration[] = [outboxMigration, inboxMigration, idempotencyMigration];
