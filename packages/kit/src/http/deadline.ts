import { headerText } from "./exchange.ts";
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

/**
 * Runs until the time is over or the client has gone, whatever the work itself does with its signal. The signal is made
 * only when somebody asks for it, because most handlers don't.
 */
export function runWithDeadline<T>(
  timeoutMs: number,
  incoming: Incoming,
  work: (signal: () => AbortSignal) => Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let controller: AbortController | undefined;
  let stopped: Error | undefined;
  const stop = (reason: Error): void => {
    stopped = reason;
    clearTimeout(timer);
    controller?.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => stop(timeoutProblem(timeoutMs)), timeoutMs);
  incoming.onGone(() => stop(new ClientGoneError("the client closed the connection before the answer")));
  const signal = (): AbortSignal => {
    controller ??= new AbortController();
    if (stopped && !controller.signal.aborted) controller.abort(stopped);
    return controller.signal;
  };
  work(signal)
    .finally(() => clearTimeout(timer))
    .then(resolve, reject);
  return promise;
}

function timeoutProblem(timeoutMs: number): Error {
  return problem(503, {
    type: "/problems/deadline",
    title: "Deadline exceeded",
    detail: `there was no answer within ${Math.round(timeoutMs)} ms`,
    headers: { "retry-after": "1" },
  });
}
