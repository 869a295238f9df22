import { authorize } from "./authorize.ts";
import { createEndpoint } from "./endpoint.ts";
import { finish, problemReply, sendable } from "./outcome.ts";
import { formatTraceparent, parseTraceparent } from "../telemetry/trace-context.ts";
import { handlerRequest } from "./handler-request.ts";
import { headerText } from "./exchange.ts";
import { inContext } from "../telemetry/request-context.ts";
import { problem } from "./problem.ts";
import { Router } from "./router.ts";
import { remainingFrom, runWithDeadline } from "./deadline.ts";
import type { Application, Incoming, Outgoing } from "./exchange.ts";
import type { Cors } from "./cors.ts";
import type { Endpoint } from "./endpoint.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Route } from "./route.ts";
import type { Span } from "../telemetry/tracer.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { TokenVerifier } from "../auth/token-verifier.ts";

export interface ApplicationOptions {
  readonly name: string;
  readonly version: string;
  readonly telemetry: Telemetry;
  readonly routes: readonly Route[];
  /** Probes and scrapes: served without traces, metrics and limits. */
  readonly quietRoutes?: readonly Route[];
  readonly tokens?: TokenVerifier;
  readonly cors?: Cors;
  readonly rateLimit?: RateLimit;
  /** Replies that the document does not describe become errors; for tests. */
  readonly checkReplies?: boolean;
}

/** What all requests of an application share. */
export interface ApplicationContext extends ApplicationOptions {
  readonly router: Router<Endpoint>;
  readonly unmatched: Endpoint;
  readonly served: string;
}

/** One request on its way. */
export interface Exchange {
  readonly incoming: Incoming;
  readonly path: string;
  readonly search: string;
  readonly span: Span;
  readonly started: number;
}

/** A function from request to response: it is mounted on a socket or called in the process. */
export function createApplication(options: ApplicationOptions): Application {
  const durations = options.telemetry.metrics.histogram({
    name: "http_server_request_duration_seconds",
    help: "Time from request to answer, by route and status.",
    labels: ["method", "route", "status"],
  });
  const active = options.telemetry.metrics.gauge({
    name: "http_server_active_requests",
    help: "Requests that are being answered.",
  });
  const context: ApplicationContext = {
    ...options,
    router: new Router(),
    unmatched: createEndpoint(unmatchedRoute, durations, false),
    served: `${options.name}/${options.version}`,
  };
  const add = (route: Route, quiet: boolean): void => {
    if (needsTokens(route) && !options.tokens) {
      throw new TypeError(
        `${route.method} ${route.path} asks for tokens, and nothing verifies them: set AUTH_JWKS_URL`,
      );
    }
    context.router.add(route.method, route.path, createEndpoint(route, durations, quiet));
  };
  for (const route of options.routes) add(route, false);
  for (const route of options.quietRoutes ?? []) add(route, true);
  return async (incoming) => {
    active.add(1);
    try {
      return await serve(context, incoming);
    } finally {
      active.add(-1);
    }
  };
}

const unmatchedRoute: Route = {
  method: "GET",
  path: "unmatched",
  summary: "",
  responses: {},
  access: "public",
  handler: () => {
    throw problem(404);
  },
};

function needsTokens(route: Route): boolean {
  return route.access !== "public" && route.access !== "optional";
}

async function serve(context: ApplicationContext, incoming: Incoming): Promise<Outgoing> {
  const started = performance.now();
  const mark = incoming.target.indexOf("?");
  const path = mark === -1 ? incoming.target : incoming.target.slice(0, mark);
  const preflight = context.cors?.preflight(incoming);
  if (preflight) return preflight;
  const found = context.router.find(incoming.method, path);
  const endpoint = found.kind === "match" ? found.value : context.unmatched;
  const { headers } = incoming;
  const parent = parseTraceparent(headerText(headers, "traceparent"), headerText(headers, "tracestate")) ?? "none";
  const span = context.telemetry.tracer.startSpan(endpoint.spanName, undefined, {
    kind: "server",
    parent: endpoint.quiet && parent === "none" ? unsampled : parent,
  });
  const timeoutMs = Math.min(endpoint.timeoutMs, remainingFrom(headers));
  const exchange: Exchange = {
    incoming,
    path,
    search: mark === -1 ? "" : incoming.target.slice(mark + 1),
    span,
    started,
  };
  const outgoing = await inContext({ span, deadline: started + timeoutMs }, async () => {
    try {
      if (found.kind !== "match") throw notFound(found, exchange);
      return await runWithDeadline(timeoutMs, incoming, (signal) =>
        answer(context, endpoint, { ...exchange, params: found.params, signal }),
      );
    } catch (error) {
      return problemReply(context, exchange, error);
    }
  });
  outgoing.headers["x-service-version"] ??= context.served;
  outgoing.headers["traceresponse"] = formatTraceparent(span.context);
  context.cors?.decorate(incoming, outgoing);
  finish(context, endpoint, exchange, outgoing.status);
  return outgoing;
}

const unsampled = { traceId: "0".repeat(31) + "1", spanId: "0".repeat(15) + "1", sampled: false };

/** A request whose route is known. */
export interface MatchedExchange extends Exchange {
  readonly params: Readonly<Record<string, string>>;
  readonly signal: () => AbortSignal;
}

async function answer(context: ApplicationContext, endpoint: Endpoint, exchange: MatchedExchange): Promise<Outgoing> {
  if (!endpoint.quiet) context.rateLimit?.admit(exchange.incoming);
  const caller = await authorize(endpoint.route.access, exchange.incoming.headers, context.tokens);
  const request = await handlerRequest(context, endpoint, exchange, caller);
  return sendable(context, endpoint, await endpoint.route.handler(request));
}

type Unrouted = Exclude<ReturnType<Router<Endpoint>["find"]>, { kind: "match" }>;

function notFound(found: Unrouted, exchange: Exchange): Error {
  const { method } = exchange.incoming;
  if (found.kind === "malformed") return problem(400, "the path holds characters that are not well encoded");
  if (found.kind === "none") return problem(404, `there is nothing at ${JSON.stringify(exchange.path.slice(0, 200))}`);
  const allow = found.allowed.join(", ");
  return problem(405, { detail: `${method} is not offered here; ${allow} is`, headers: { allow } });
}
