import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { limits } from "../limits.ts";
import type { AttributeValue, FinishedSpan, SpanKind, SpanSink } from "./tracer.ts";
import type { Registry } from "./metrics.ts";

export interface OtlpOptions {
  /** Where the collector listens; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly name: string;
  readonly version: string;
  readonly metrics: Registry;
  readonly onProblem: (error: unknown) => void;
}

export interface OtlpExporter extends SpanSink {
  /** Sends what waits and stops. */
  close(): Promise<void>;
}

const kindNumbers: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };

/**
 * Sends spans to a collector as OTLP/HTTP with JSON. Spans wait in a bounded queue; a slow or dead collector costs spans,
 * never a request. What is lost is counted.
 */
export function createOtlpExporter(options: OtlpOptions): OtlpExporter {
  const url = new URL(`${options.endpoint.replace(/\/+$/, "")}/v1/traces`);
  const dropped = options.metrics.counter({
    name: "otel_spans_dropped_total",
    help: "Spans that did not reach the collector.",
    labels: ["reason"],
  });
  const sent = options.metrics.counter({ name: "otel_spans_sent_total", help: "Spans taken by the collector." });
  const queue: FinishedSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let healthy = true;

  const sendBatch = async (): Promise<void> => {
    const batch = queue.splice(0, limits.spanBatchMax);
    try {
      await post(url, JSON.stringify(payload(batch, options)));
      sent.add(batch.length);
      healthy = true;
    } catch (error) {
      dropped.add(batch.length, { reason: "export" });
      if (healthy) options.onProblem(error);
      healthy = false;
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending ??= drain().finally(() => (sending = undefined));
    return sending;
  };
  const drain = async (): Promise<void> => {
    while (queue.length > 0) await sendBatch();
  };
  return {
    take(span) {
      if (queue.length >= limits.spanQueueMax) {
        dropped.add(1, { reason: "queue_full" });
        return;
      }
      queue.push(span);
      timer ??= setTimeout(() => void flush(), limits.spanFlushMs).unref();
    },
    close: flush,
  };
}

function payload(spans: readonly FinishedSpan[], options: OtlpOptions): object {
  const resource = { "service.name": options.name, "service.version": options.version };
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [{ scope: { name: "@fairway/kit" }, spans: spans.map(spanObject) }],
      },
    ],
  };
}

function spanObject(span: FinishedSpan): object {
  return {
    traceId: span.context.traceId,
    spanId: span.context.spanId,
    ...(span.context.state === undefined ? {} : { traceState: span.context.state }),
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: kindNumbers[span.kind],
    startTimeUnixNano: nanoseconds(span.startMs),
    endTimeUnixNano: nanoseconds(span.endMs),
    attributes: attributes(span.attributes),
    status: span.error === undefined ? {} : { code: 2, message: span.error },
  };
}

function attributes(values: Readonly<Record<string, AttributeValue>>): readonly object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: attributeValue(value) }));
}

function attributeValue(value: AttributeValue): object {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "string") return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1_000)) * 1_000n);
}

function post(url: URL, body: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const signal = AbortSignal.timeout(limits.spanExportTimeoutMs);
  const request = send(url, { method: "POST", headers, signal }, (response) => {
    response.resume();
    response.on("error", reject);
    response.on("end", () => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) resolve();
      else reject(new Error(`the collector at ${url.origin} answered ${status}`));
    });
  });
  request.on("error", reject);
  request.end(body);
  return promise;
}
