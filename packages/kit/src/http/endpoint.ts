import { compile, t } from "../schema.ts";
import { inputReader } from "./input.ts";
import { limits } from "../limits.ts";
import { propertiesOf } from "./route.ts";
import type { Check } from "../schema.ts";
import type { Histogram, HistogramCell } from "../telemetry/metrics.ts";
import type { InputReader } from "./input.ts";
import type { Route } from "./route.ts";

/** A route made ready: schemas compiled, metrics found. */
export interface Endpoint {
  readonly route: Route;
  readonly params: InputReader | undefined;
  readonly query: InputReader | undefined;
  readonly headers: InputReader | undefined;
  readonly headerNames: readonly HeaderName[];
  readonly body: InputReader | undefined;
  readonly replies: ReadonlyMap<number, ReplyShape>;
  readonly bodyBytesMax: number;
  readonly timeoutMs: number;
  readonly spanName: string;
  /** Probes and scrapes: neither traced nor measured nor limited. */
  readonly quiet: boolean;
  duration(status: number): HistogramCell;
}

/** As the route declares it, and as Node hands it over. */
export interface HeaderName {
  readonly declared: string;
  readonly received: string;
}

export interface ReplyShape {
  /** Undefined for JSON. */
  readonly mediaType: string | undefined;
  readonly check: Check<unknown>;
}

export function createEndpoint(route: Route, durations: Histogram, quiet: boolean): Endpoint {
  const cells = new Map<number, HistogramCell>();
  const duration = (status: number): HistogramCell => {
    const known = cells.get(status);
    if (known) return known;
    const cell = durations.cell({ method: route.method, route: route.path, status: String(status) });
    cells.set(status, cell);
    return cell;
  };
  return {
    route,
    params: inputReader("path", route.params),
    query: inputReader("query", route.query),
    headers: inputReader("header", route.headers),
    headerNames: Object.keys(propertiesOf(route.headers)).map((declared) => ({
      declared,
      received: declared.toLowerCase(),
    })),
    body: inputReader("body", route.body),
    replies: new Map(Object.entries(route.responses).map(([status, schema]) => [Number(status), shapeOf(schema)])),
    bodyBytesMax: route.bodyBytesMax ?? limits.bodyBytesMax,
    timeoutMs: route.timeoutMs ?? limits.handlerTimeoutMs,
    spanName: `${route.method} ${route.path}`,
    quiet,
    duration,
  };
}

function shapeOf(schema: Route["responses"][number]): ReplyShape {
  const mediaType = "contentMediaType" in schema ? String(schema.contentMediaType) : undefined;
  return { mediaType, check: compile(mediaType === undefined ? schema : t.Any()) };
}
