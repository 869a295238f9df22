export { findPostgres, freePort, startPostgres } from "./start.ts";
export type { Postgres, StartOptions } from "./start.ts";
export { removePostgres, stopPostgres } from "./stop.ts";
export { PostgresError } from "./postgres-error.ts";
export type { PostgresErrorCode } from "./postgres-error.ts";
