import { setTimeout as delay } from "node:timers/promises";
import { problem } from "@fairway/kit";
import type { Queryable } from "@fairway/kit";

/** What goes wrong on purpose; rates are between 0 and 1. */
export interface FailureSettings {
  readonly failureRate: number;
  readonly declineRate: number;
  readonly pendingRate: number;
  readonly duplicateRate: number;
  readonly delayMs: number;
}

export interface Failures {
  current(): Promise<FailureSettings>;
  set(settings: FailureSettings): Promise<void>;
}

export function createFailures(db: Queryable, initial: FailureSettings): Failures {
  return {
    async current() {
      const { rows } = await db.query<{ settings: FailureSettings }>("SELECT settings FROM failures");
      return rows[0]?.settings ?? initial;
    },
    async set(settings) {
      await db.query(
        "INSERT INTO failures (settings) VALUES ($1) ON CONFLICT (singleton) DO UPDATE SET settings = excluded.settings",
        [JSON.stringify(settings)],
      );
    },
  };
}

/** Slow, and sometimes failing: before the work was done, or, which is worse, after it. */
export async function withFailures<T>(settings: FailureSettings, run: () => Promise<T>): Promise<T> {
  if (settings.delayMs > 0) await delay(settings.delayMs);
  const dice = Math.random();
  if (dice < settings.failureRate / 2) throw down();
  const result = await run();
  if (dice < settings.failureRate) throw down();
  return result;
}

function down(): Error {
  return problem(503, { type: "/problems/switched-on", detail: "a failure that was switched on" });
}
