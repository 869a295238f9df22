import type { Migration } from "../database/migrations.ts";

export const eventsMigration: Migration = {
  name: "0001-events",
  sql: `
    CREATE TABLE events (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      source text NOT NULL,
      id text NOT NULL,
      type text NOT NULL,
      subject text NOT NULL,
      event jsonb NOT NULL,
      published_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (source, id)
    );
    CREATE INDEX events_by_age ON events (published_at);
    CREATE TABLE groups (name text PRIMARY KEY, types text[] NOT NULL);
    CREATE TABLE deliveries (
      consumer text NOT NULL,
      position bigint NOT NULL REFERENCES events,
      source text NOT NULL,
      subject text NOT NULL,
      attempts int NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, position)
    ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
    CREATE INDEX deliveries_by_subject ON deliveries (consumer, source, subject, position);
    CREATE INDEX deliveries_by_event ON deliveries (position);
    CREATE TABLE dead_letters (
      consumer text NOT NULL,
      position bigint NOT NULL REFERENCES events,
      error text NOT NULL,
      failed_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, position)
    )`,
};
