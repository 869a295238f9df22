import { currentContext, inContext } from "../telemetry/request-context.ts";
import { dataLimits } from "../limits.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { EventHandler, SubscribeOptions } from "./event-transport.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface Delivery {
  readonly event: CloudEvent;
  readonly attempt: number;
  readonly options: SubscribeOptions;
  readonly handler: EventHandler;
  readonly telemetry: Telemetry | undefined;
}

/** What has become of a delivery; the transport writes it down. */
export type DeliveryResult =
  | { readonly kind: "done" }
  | { readonly kind: "retry"; readonly afterMs: number; readonly error: string }
  | { readonly kind: "dead"; readonly error: string };

/** Hands one event to its handler, in the trace of whoever caused it. Never throws. */
export async function deliver(delivery: Delivery): Promise<DeliveryResult> {
  const { event, attempt, options, telemetry } = delivery;
  const started = performance.now();
  const failure = await attemptOf(delivery);
  const result = failure === undefined ? ({ kind: "done" } as const) : afterFailure(delivery, failure);
  const labels = { group: options.group, type: event.type, result: result.kind };
  telemetry?.metrics
    .histogram({
      name: "events_handled_duration_seconds",
      help: "Time of handlers of events, each attempt by itself.",
      labels: ["group", "type", "result"],
    })
    .observe((performance.now() - started) / 1_000, labels);
  telemetry?.metrics
    .gauge({ name: "events_age_seconds", help: "Age of the event handled last.", labels: ["group"] })
    .set((Date.now() - Date.parse(event.time)) / 1_000, { group: options.group });
  if (failure === undefined) return result;
  const fields = { type: event.type, id: event.id, subject: event.subject, attempt, error: failure };
  if (result.kind === "dead") telemetry?.log.error("an event became a dead letter", fields);
  else telemetry?.log.warn("an event will be handled again", fields);
  return result;
}

async function attemptOf({ event, attempt, handler, telemetry }: Delivery): Promise<unknown> {
  const signal = AbortSignal.timeout(dataLimits.deliveryTimeoutMs);
  const parent = parseTraceparent(event.traceparent);
  const span = telemetry?.tracer.startSpan(
    `process ${event.type}`,
    {
      "messaging.operation.type": "process",
      "messaging.message.id": event.id,
      "messaging.destination.name": event.type,
      ...(attempt > 1 ? { "messaging.delivery.attempt": attempt } : {}),
    },
    { kind: "consumer", parent: parent ?? "none" },
  );
  const run = (): Promise<void> => Promise.race([handler(event, { attempt, signal }), expiry(signal)]);
  try {
    const context = { deadline: performance.now() + dataLimits.deliveryTimeoutMs };
    await (span ? inContext({ ...currentContext(), ...context, span }, run) : run());
    return undefined;
  } catch (error) {
    span?.fail(error);
    return error ?? new Error("the handler failed without an error");
  } finally {
    span?.end();
  }
}

function expiry(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(new Error("the handler took too long")), { once: true });
  return promise;
}

function afterFailure({ attempt, options }: Delivery, failure: unknown): DeliveryResult {
  const error = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  if (attempt >= (options.attemptsMax ?? dataLimits.deliveryAttemptsMax)) return { kind: "dead", error };
  const base = options.retryBaseMs ?? dataLimits.deliveryRetryBaseMs;
  const pause = Math.min(base * 2 ** (attempt - 1), dataLimits.deliveryRetryCapMs);
  return { kind: "retry", afterMs: Math.round(pause * (0.5 + Math.random() / 2)), error };
}
