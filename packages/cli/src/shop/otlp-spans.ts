export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly error: string | undefined;
  readonly isDatabase: boolean;
}

const statusError = 2;
const nanosecondsPerMs = 1e6;

/** The spans of a request of OTLP in JSON. What is not as it should be is passed over. */
export function spansOf(body: unknown): CollectedSpan[] {
  return listOf(body, "resourceSpans").flatMap((resource) => {
    const service = attributeOf(fieldOf(resource, "resource"), "service.name") ?? "unknown";
    return listOf(resource, "scopeSpans").flatMap((scope) =>
      listOf(scope, "spans").flatMap((span) => spanOf(span, service) ?? []),
    );
  });
}

function spanOf(span: unknown, service: string): CollectedSpan | undefined {
  const traceId = fieldOf(span, "traceId");
  const spanId = fieldOf(span, "spanId");
  if (typeof traceId !== "string" || typeof spanId !== "string") return undefined;
  const parent = fieldOf(span, "parentSpanId");
  const status = fieldOf(span, "status");
  const failed = fieldOf(status, "code") === statusError;
  return {
    traceId,
    spanId,
    parentSpanId: typeof parent === "string" && parent !== "" ? parent : undefined,
    service,
    name: String(fieldOf(span, "name")),
    startMs: Number(fieldOf(span, "startTimeUnixNano")) / nanosecondsPerMs,
    endMs: Number(fieldOf(span, "endTimeUnixNano")) / nanosecondsPerMs,
    error: failed ? String(fieldOf(status, "message") ?? "failed") : undefined,
    isDatabase: attributeOf(span, "db.system.name") !== undefined,
  };
}

function attributeOf(holder: unknown, key: string): string | undefined {
  const found = listOf(holder, "attributes").find((each) => fieldOf(each, "key") === key);
  const value = fieldOf(fieldOf(found, "value"), "stringValue");
  return typeof value === "string" ? value : undefined;
}

function listOf(holder: unknown, name: string): readonly unknown[] {
  const value = fieldOf(holder, name);
  return Array.isArray(value) ? value : [];
}

function fieldOf(holder: unknown, name: string): unknown {
  return typeof holder === "object" && holder !== null ? (holder as Record<string, unknown>)[name] : undefined;
}
