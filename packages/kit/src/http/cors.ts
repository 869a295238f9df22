import { headerText } from "./exchange.ts";
import type { Incoming, Outgoing } from "./exchange.ts";

export interface CorsOptions {
  /** Exact origins; `*` lets pages of every origin call, without credentials. */
  readonly origins: readonly string[];
  readonly methods?: readonly string[];
  readonly headers?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** Lets pages of other origins call, those and only those that are listed. */
export interface Cors {
  preflight(incoming: Incoming): Outgoing | undefined;
  decorate(incoming: Incoming, outgoing: Outgoing): void;
}

const exposed = "traceresponse, x-service-version, retry-after, location, etag";

export function createCors(options: CorsOptions): Cors {
  const allowed = new Set(options.origins);
  const methods = (options.methods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"]).join(", ");
  const allowHeaders = (options.headers ?? ["authorization", "content-type", "idempotency-key", "traceparent"]).join(
    ", ",
  );
  const originFor = (incoming: Incoming): string | undefined => {
    const origin = headerText(incoming.headers, "origin");
    if (origin === undefined) return undefined;
    if (allowed.has("*")) return "*";
    return allowed.has(origin) ? origin : undefined;
  };
  const preflight = (incoming: Incoming): Outgoing | undefined => {
    if (incoming.method !== "OPTIONS" || !incoming.headers["access-control-request-method"]) return undefined;
    const headers: Record<string, string> = { vary: "origin", "content-length": "0" };
    const origin = originFor(incoming);
    if (origin !== undefined) {
      headers["access-control-allow-origin"] = origin;
      headers["access-control-allow-methods"] = methods;
      headers["access-control-allow-headers"] = allowHeaders;
      headers["access-control-max-age"] = String(options.maxAgeSeconds ?? 600);
    }
    return { status: 204, headers, body: "" };
  };
  const decorate = (incoming: Incoming, { headers }: Outgoing): void => {
    headers["vary"] = headers["vary"] ? `${headers["vary"]}, origin` : "origin";
    const origin = originFor(incoming);
    if (origin === undefined) return;
    headers["access-control-allow-origin"] = origin;
    headers["access-control-expose-headers"] = exposed;
  };
  return { preflight, decorate };
}
