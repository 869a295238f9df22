import { setTimeout as delay } from "node:timers/promises";
import { pollMs } from "./limits.ts";
import { OracleError } from "./oracle-error.ts";

export interface Wait {
  readonly what: string;
  readonly timeoutMs: number;
  /** Thrown at once when it gives a text: the thing waited for can't come any more. */
  readonly hopeless?: () => string | undefined;
  /** Added to the message when the time is over. */
  readonly detail?: () => string;
}

export async function waitUntil(condition: () => Promise<boolean> | boolean, wait: Wait): Promise<void> {
  const deadline = performance.now() + wait.timeoutMs;
  for (;;) {
    if (await condition()) return;
    const reason = wait.hopeless?.();
    if (reason !== undefined) throw new OracleError("start-failed", reason);
    if (performance.now() > deadline) {
      const detail = wait.detail === undefined ? "" : `: ${wait.detail()}`;
      throw new OracleError("start-failed", `${wait.what} did not happen within ${wait.timeoutMs / 1000} s${detail}`);
    }
    await delay(pollMs);
  }
}
