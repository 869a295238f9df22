import { randomUUIDv7 } from "node:crypto";
import { currentContext } from "../telemetry/request-context.ts";
import { dataLimits } from "../limits.ts";
import { EventError } from "./event-error.ts";
import { formatTraceparent } from "../telemetry/trace-context.ts";

/** Something that has happened, as CloudEvents 1.0 writes it in JSON. */
export interface CloudEvent<Data = unknown> {
  readonly specversion: "1.0";
  /** With `source` it names the event: a second one with the same id is the same event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** What it is about. Events of one source about one subject arrive in the order in which they happened. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** The extension for distributed tracing. */
  readonly traceparent?: string;
  readonly data: Data;
}

export interface NewEvent<Data = unknown> {
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Data;
  readonly id?: string;
  readonly time?: string;
}

const typeRule = /^[A-Z][A-Za-z0-9]{0,99}$/;

/** An event of now, in the trace that is under way. */
export function cloudEvent<Data>(event: NewEvent<Data>): CloudEvent<Data> {
  const span = currentContext()?.span.context;
  const made: CloudEvent<Data> = {
    specversion: "1.0",
    id: event.id ?? randomUUIDv7(),
    source: event.source,
    type: event.type,
    subject: event.subject,
    time: event.time ?? new Date().toISOString(),
    datacontenttype: "application/json",
    ...(span ? { traceparent: formatTraceparent(span) } : {}),
    data: event.data,
  };
  requireEvent(made);
  return made;
}

/** What comes over a wire is checked before anybody handles it. */
export function parseEvent(value: unknown): CloudEvent {
  if (typeof value !== "object" || value === null) throw new EventError("malformed", "an event is an object");
  const event = value as CloudEvent;
  requireEvent(event);
  return event;
}

function requireEvent(event: CloudEvent): void {
  if (event.specversion !== "1.0") throw new EventError("malformed", `specversion is ${String(event.specversion)}`);
  for (const name of ["id", "source", "type", "subject", "time"] as const) {
    const value: unknown = event[name];
    if (typeof value !== "string" || value === "") throw new EventError("malformed", `the event has no ${name}`);
  }
  if (!typeRule.test(event.type)) {
    throw new EventError("malformed", `${JSON.stringify(event.type)} is no type of an event: write it as OrderCreated`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes > dataLimits.eventBytesMax) {
    throw new EventError("too_large", `${event.type} has ${bytes} bytes, ${dataLimits.eventBytesMax} are allowed`);
  }
}
