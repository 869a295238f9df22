import { EventError } from "./event-error.ts";
import { natsTransport } from "./nats-transport.ts";
import { openDatabase } from "../database/database.ts";
import { postgresTransport } from "./postgres-transport.ts";
import type { EventTransport } from "./event-transport.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface TransportOptions {
  /** `postgres://...` or `nats://...` (EVENTS_URL). */
  readonly url: string;
  readonly telemetry?: Telemetry;
}

/** One for the batch that is handled, one to publish, one to look. */
const connectionsMax = 4;

/** The transport that an address asks for. */
export function openTransport({ url, telemetry }: TransportOptions): EventTransport {
  const shared = telemetry ? { telemetry } : {};
  const scheme = url.slice(0, url.indexOf(":"));
  if (scheme === "nats" || scheme === "tls") return natsTransport({ url, ...shared });
  if (scheme === "postgres" || scheme === "postgresql") {
    const db = openDatabase({ url, name: "events", poolMax: connectionsMax, ...shared });
    return postgresTransport(db, { ownsDatabase: true, ...shared });
  }
  throw new EventError("unavailable", `EVENTS_URL begins with ${scheme}:, known are postgres: and nats:`);
}
