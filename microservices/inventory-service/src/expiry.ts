import { runInBackground } from "@fairway/kit";
import { expired } from "./stock.ts";
import { limits } from "./limits.ts";
import { releaseAndTell } from "./saga.ts";
import type { BackgroundLoop, Database, Outbox, Telemetry } from "@fairway/kit";

/** Gives back what was kept for orders that nobody paid in time. Says how many there were. */
export async function releaseExpired(db: Database, outbox: Outbox): Promise<number> {
  return db.transaction(async (tx) => {
    const orders = await expired(tx, limits.expiredBatchMax);
    for (const orderId of orders) await releaseAndTell(tx, { outbox, orderId, reason: "expired" });
    return orders.length;
  });
}

export function startExpiry(db: Database, outbox: Outbox, telemetry: Telemetry): BackgroundLoop {
  return runInBackground({
    turn: async () => ((await releaseExpired(db, outbox)) === limits.expiredBatchMax ? 0 : limits.expiryPollMs),
    onFailure: (error, failures) => telemetry.log.warn("expired reservations stay", { error, failures }),
  });
}
