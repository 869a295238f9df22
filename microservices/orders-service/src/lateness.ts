import { runInBackground } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { BackgroundLoop, Database, Telemetry } from "@fairway/kit";
import type { Orders } from "./orders.ts";

/** Every order ends: what nobody has decided in time is cancelled, and so is what others did for it. */
export async function cancelLate(db: Database, orders: Orders, seconds: number): Promise<number> {
  return db.transaction(async (tx) => {
    const late = await orders.late(tx, { seconds, countMax: limits.lateBatchMax });
    for (const orderId of late) await orders.change(tx, { orderId, cause: "TimeOver", reason: "it took too long" });
    return late.length;
  });
}

export interface LatenessOptions {
  readonly db: Database;
  readonly orders: Orders;
  readonly seconds: number;
  readonly telemetry: Telemetry;
}

export function startLateness({ db, orders, seconds, telemetry }: LatenessOptions): BackgroundLoop {
  return runInBackground({
    turn: async () => ((await cancelLate(db, orders, seconds)) === limits.lateBatchMax ? 0 : limits.latePollMs),
    onFailure: (error, failures) => telemetry.log.warn("late orders stay open", { error, failures }),
  });
}
