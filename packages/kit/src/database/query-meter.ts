import { currentContext } from "../telemetry/request-context.ts";
import type { Pool } from "pg";
import type { DatabaseError } from "./database-error.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** Called when a statement begins, gives what is to be called when it has ended. */
export type QueryMeter = (sql: string) => (error?: DatabaseError) => void;

export function queryMeter(pool: Pool, name: string, telemetry: Telemetry | undefined): QueryMeter {
  if (!telemetry) return () => () => undefined;
  const durations = telemetry.metrics.histogram({
    name: "db_client_operation_duration_seconds",
    help: "Time of statements, the wait for a connection included.",
    labels: ["database", "operation", "result"],
  });
  const connections = telemetry.metrics.gauge({
    name: "db_client_connections",
    help: "Connections of the pool by state, and how many wait for one.",
    labels: ["database", "state"],
  });
  return (sql) => {
    const started = performance.now();
    const operation = operationOf(sql);
    // Polling in the background would fill the traces with spans of nothing.
    const span =
      currentContext() && operation !== "BEGIN" && operation !== "ROLLBACK"
        ? telemetry.tracer.startSpan(
            summaryOf(sql, operation),
            {
              "db.system.name": "postgresql",
              "db.namespace": name,
              "db.query.text": sql.replaceAll(/\s+/g, " ").trim(),
            },
            { kind: "client" },
          )
        : undefined;
    return (error) => {
      durations.observe((performance.now() - started) / 1_000, {
        database: name,
        operation,
        result: error?.code ?? "ok",
      });
      connections.set(pool.totalCount - pool.idleCount, { database: name, state: "used" });
      connections.set(pool.idleCount, { database: name, state: "idle" });
      connections.set(pool.waitingCount, { database: name, state: "waiting" });
      if (error) span?.fail(error);
      span?.end();
    };
  };
}

const known = new Set(["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "LISTEN"]);

function operationOf(sql: string): string {
  const word = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? "OTHER";
  return known.has(word) ? word : "OTHER";
}

function summaryOf(sql: string, operation: string): string {
  const table = /\b(?:FROM|INTO|UPDATE)\s+([a-z_]+)/i.exec(sql)?.[1];
  return table === undefined ? operation : `${operation} ${table}`;
}
