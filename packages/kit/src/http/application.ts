import { authorize } from "./authorize.ts";
import { createEndpoint } from "./endpoint.ts";
import { finish, problemReply, sendable } from "./outcome.ts";
import { formatTraceparent, parseTraceparent } from "../telemetry/trace-context.ts";
import { HandlerRequest } from "./handler-request.ts";
import { headerText } from "./exchange.ts";
import { inContext } from "../telemetry/request-context.ts";
import { problem } from "./problem.ts";
import { Router } from "./router.ts";
import { ClientGoneError, Deadline, remainingFrom } from "./deadline.ts";
import type { Application, Incoming, Outgoing } from "./exchange.ts";
import type { Cors } from "./cors.ts";
import type { Endpoint } from "./endpoint.ts";
import type { HandlerRequestParts } from "./handler-request.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { RequestContext } from "../telemetry/request-context.ts";
import type { Route } from "./route.ts";
import type { Routed, RouteMatch } from "./router.ts";
import type { Span, Tracer } from "../telemetry/tracer.ts";
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
  readonly load: { active: number };
}

/** One request on its way; what it awaits finds it as the current context. */
export class Exchange implements RequestContext {
  readonly incoming: Incoming;
  readonly path: string;
  readonly search: string;
  readonly span: Span;
  readonly started: number;
  readonly time: Deadline;

  constructor(incoming: Incoming, endpoint: Endpoint, tracer: Tracer) {
    const { target, headers } = incoming;
    const mark = target.indexOf("?");
    this.incoming = incoming;
    this.path = mark === -1 ? target : target.slice(0, mark);
    this.search = mark === -1 ? "" : target.slice(mark + 1);
    this.started = performance.now();
    this.time = new Deadline(this.started, Math.min(endpoint.timeoutMs, remainingFrom(headers)));
    const parent = parseTraceparent(headerText(headers, "traceparent"), headerText(headers, "tracestate"));
    this.span = tracer.startSpan(endpoint.spanName, undefined, {
      kind: "server",
      parent: parent ?? (endpoint.quiet ? unsampled : "none"),
    });
  }

  get deadline(): number {
    return this.time.at;
  }
}

const unsampled = { traceId: `${"0".repeat(31)}1`, spanId: `${"0".repeat(15)}1`, sampled: false };

/** A function from request to response: it is mounted on a socket or called in the process. */
export function createApplication(options: ApplicationOptions): Application {
  const durations = options.telemetry.metrics.histogram({
    name: "http_server_request_duration_seconds",
    help: "Time from request to answer, by route and status.",
    labels: ["method", "route", "status"],
  });
  const load = { active: 0 };
  options.telemetry.metrics.gauge({
    name: "http_server_active_requests",
    help: "Requests that are being answered.",
    read: () => load.active,
  });
  const context: ApplicationContext = {
    ...options,
    router: new Router(),
    unmatched: createEndpoint(unmatchedRoute, durations, false),
    served: `${options.name}/${options.version}`,
    load,
  };
  const add = (route: Route, quiet: boolean): void => {
    if (needsTokens(route) && !options.tokens) {
      throw new TypeError(`${route.method} ${route.path} asks for tokens, and nothing verifies them: set AUTH_URL`);
    }
    context.router.add(route.method, route.path, createEndpoint(route, durations, quiet));
  };
  for (const route of options.routes) add(route, false);
  for (const route of options.quietRoutes ?? []) add(route, true);
  return (incoming) => serve(context, incoming);
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
  const preflight = context.cors?.preflight(incoming);
  if (preflight) return preflight;
  const found = context.router.find(incoming.method, pathOf(incoming.target));
  const endpoint = found.kind === "match" ? found.value : context.unmatched;
  const exchange = new Exchange(incoming, endpoint, context.telemetry.tracer);
  context.load.active++;
  const outgoing = await inContext(exchange, () => attempt(context, found, exchange));
  context.load.active--;
  outgoing.headers["x-service-version"] ??= context.served;
  outgoing.headers["traceresponse"] = formatTraceparent(exchange.span.context);
  context.cors?.decorate(incoming, outgoing);
  finish(context, endpoint, exchange, outgoing.status);
  return outgoing;
}

function pathOf(target: string): string {
  const mark = target.indexOf("?");
  return mark === -1 ? target : target.slice(0, mark);
}

async function attempt(context: ApplicationContext, found: Routed<Endpoint>, exchange: Exchange): Promise<Outgoing> {
  try {
    if (found.kind !== "match") throw notFound(found, exchange);
    const answered = answer(context, found, exchange);
    // What is answered at once needs nobody to watch the time.
    if (!(answered instanceof Promise)) return answered;
    const { incoming, time } = exchange;
    incoming.onGone(() => time.stop(new ClientGoneError("the client closed the connection before the answer")));
    return await time.limit(answered);
  } catch (error) {
    return problemReply(context, exchange, error);
  }
}

type Match = RouteMatch<Endpoint>;

function answer(context: ApplicationContext, match: Match, exchange: Exchange): Outgoing | Promise<Outgoing> {
  const { route, quiet } = match.value;
  if (!quiet) context.rateLimit?.admit(exchange.incoming);
  return route.access === "public" && route.method === "GET"
    ? handled(context, match, { exchange, caller: undefined, rawBody: noBytes })
    : answerCaller(context, match, exchange);
}

/** Who asks, and with what, has to be waited for. */
async function answerCaller(context: ApplicationContext, match: Match, exchange: Exchange): Promise<Outgoing> {
  const { route, bodyBytesMax } = match.value;
  const { incoming } = exchange;
  const caller =
    route.access === "public" ? undefined : await authorize(route.access, incoming.headers, context.tokens);
  const rawBody = route.method === "GET" ? noBytes : await incoming.readBody(bodyBytesMax);
  return handled(context, match, { exchange, caller, rawBody });
}

type Asked = Pick<HandlerRequestParts, "exchange" | "caller" | "rawBody">;

function handled(context: ApplicationContext, match: Match, asked: Asked): Outgoing | Promise<Outgoing> {
  const { value: endpoint, params } = match;
  const { exchange, caller, rawBody } = asked;
  const request = new HandlerRequest({ endpoint, exchange, params, caller, rawBody, log: context.telemetry.log });
  const replied = endpoint.route.handler(request);
  return replied instanceof Promise
    ? replied.then((reply) => sendable(context, endpoint, reply))
    : sendable(context, endpoint, replied);
}

const noBytes = new Uint8Array();

type Unrouted = Exclude<Routed<Endpoint>, { kind: "match" }>;

function notFound(found: Unrouted, exchange: Exchange): Error {
  const { method } = exchange.incoming;
  if (found.kind === "malformed") return problem(400, "the path holds characters that are not well encoded");
  if (found.kind === "none") return problem(404, `there is nothing at ${JSON.stringify(exchange.path.slice(0, 200))}`);
  const allow = found.allowed.join(", ");
  return problem(405, { detail: `${method} is not offered here; ${allow} is`, headers: { allow } });
}
