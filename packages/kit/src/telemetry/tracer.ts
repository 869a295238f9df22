import { currentContext, inContext } from "./request-context.ts";
import { randomHex } from "./trace-context.ts";
import type { TraceContext } from "./trace-context.ts";

export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";
export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: TraceContext;
  readonly parentSpanId: string | undefined;
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly error: string | undefined;
}

export interface SpanSink {
  /** Must not wait and must not throw. */
  take(span: FinishedSpan): void;
}

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** `none` begins a new trace; without it the current request's span is the parent. */
  readonly parent?: TraceContext | "none";
  /** On the clock of `performance.now()`; now, unless somebody has looked already. */
  readonly started?: number;
}

/** A piece of work with a beginning and an end. */
export class Span {
  readonly context: TraceContext;
  readonly #name: string;
  readonly #kind: SpanKind;
  readonly #parentSpanId: string | undefined;
  readonly #started: number;
  readonly #sink: SpanSink | undefined;
  #attributes: Record<string, AttributeValue> | undefined;
  #error: string | undefined;
  #ended = false;

  constructor(name: string, options: SpanOptions, sink: SpanSink | undefined) {
    const parent = options.parent === "none" ? undefined : (options.parent ?? currentContext()?.span.context);
    this.context = childOf(parent);
    this.#name = name;
    this.#kind = options.kind ?? "internal";
    this.#parentSpanId = parent?.spanId;
    this.#started = options.started ?? performance.now();
    this.#sink = this.context.sampled ? sink : undefined;
  }

  /** Whether anybody will look at it. */
  get recording(): boolean {
    return this.#sink !== undefined;
  }

  set(attributes: Attributes): this {
    if (this.#sink) this.#attributes = Object.assign(this.#attributes ?? {}, attributes);
    return this;
  }

  fail(error: unknown): this {
    this.#error = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return this;
  }

  end(name = this.#name): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#sink?.take({
      name,
      kind: this.#kind,
      context: this.context,
      parentSpanId: this.#parentSpanId,
      startMs: performance.timeOrigin + this.#started,
      endMs: performance.timeOrigin + performance.now(),
      attributes: this.#attributes ?? {},
      error: this.#error,
    });
  }
}

function childOf(parent: TraceContext | undefined): TraceContext {
  if (!parent) {
    const both = randomHex(24);
    return { traceId: both.slice(0, 32), spanId: both.slice(32), sampled: true };
  }
  const { traceId, sampled, state } = parent;
  const spanId = randomHex(8);
  return state === undefined ? { traceId, spanId, sampled } : { traceId, spanId, sampled, state };
}

/** Makes spans; without a sink they only carry their ids onwards. */
export class Tracer {
  readonly #sink: SpanSink | undefined;

  constructor(sink?: SpanSink) {
    this.#sink = sink;
  }

  startSpan(name: string, attributes?: Attributes, options: SpanOptions = {}): Span {
    const span = new Span(name, options, this.#sink);
    return attributes ? span.set(attributes) : span;
  }

  /** Runs with a span as the current one; it ends with what it runs. */
  async span<T>(
    name: string,
    run: (span: Span) => Promise<T>,
    options: SpanOptions & { attributes?: Attributes } = {},
  ): Promise<T> {
    const span = this.startSpan(name, options.attributes, options);
    try {
      return await inContext({ span, deadline: currentContext()?.deadline }, () => run(span));
    } catch (error) {
      span.fail(error);
      throw error;
    } finally {
      span.end();
    }
  }
}
