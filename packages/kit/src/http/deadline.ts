import { headerText } from "./exchange.ts";
import { limits } from "../limits.ts";
import { problem } from "./problem.ts";
import type { Incoming } from "./exchange.ts";

/** How many milliseconds the caller still waits. Relative, because clocks of machines differ. */
export const deadlineHeader = "x-request-timeout-ms";

export function remainingFrom(headers: Incoming["headers"]): number {
  const text = headerText(headers, deadlineHeader);
  if (text === undefined || !/^\d{1,9}$/.test(text)) return Number.POSITIVE_INFINITY;
  return Number(text);
}

/** Whoever called has gone; nobody reads the answer. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
  readonly code = "client_gone";
}

/** Hears once that the time is over, or that nobody waits any more. */
export interface DeadlineOwner {
  onOver(reason: Error): void;
}

const notWatched = -1;

/**
 * The time that some work has. Its owner hears when it is over, whatever the work itself does with its signal. The
 * signal is made only when somebody asks for it, because most handlers don't.
 */
export class Deadline {
  /** On the clock of `performance.now()`. */
  readonly at: number;
  readonly #timeoutMs: number;
  readonly #owner: DeadlineOwner;
  #controller: AbortController | undefined;
  #stopped: Error | undefined;
  /** Where it stands among the watched ones. */
  #place = notWatched;

  constructor(startedAt: number, timeoutMs: number, owner: DeadlineOwner) {
    this.at = startedAt + timeoutMs;
    this.#timeoutMs = timeoutMs;
    this.#owner = owner;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#stopped) this.#controller.abort(this.#stopped);
    return this.#controller.signal;
  }

  /** From now on somebody waits. What is done at once needs nobody to watch the time. */
  watch(): void {
    if (this.#place === notWatched) this.#place = watched.push(this) - 1;
    ticking ??= setInterval(sweep, limits.deadlineTickMs);
  }

  /** The work is done. */
  unwatch(): void {
    const place = this.#place;
    if (place === notWatched) return;
    this.#place = notWatched;
    const last = watched.pop();
    if (!last || last === this) return;
    watched[place] = last;
    last.#place = place;
  }

  stop(reason: Error): void {
    this.unwatch();
    if (this.#stopped) return;
    this.#stopped = reason;
    this.#controller?.abort(reason);
    this.#owner.onOver(reason);
  }

  expire(): void {
    this.stop(
      problem(503, {
        type: "/problems/deadline",
        title: "Deadline exceeded",
        detail: `there was no answer within ${Math.round(this.#timeoutMs)} ms`,
        headers: { "retry-after": "1" },
      }),
    );
  }
}

/** One timer for all, because a timer for each request would cost more than many a request. */
const watched: Deadline[] = [];
let ticking: NodeJS.Timeout | undefined;

/** From the end, because whoever leaves is followed in place by the last, which has been looked at then. */
function sweep(): void {
  const now = performance.now();
  for (let place = watched.length - 1; place >= 0; place--) {
    const deadline = watched[place];
    if (deadline && deadline.at <= now) deadline.expire();
  }
  if (watched.length > 0) return;
  clearInterval(ticking);
  ticking = undefined;
}
