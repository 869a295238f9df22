import { createEndpoint } from "./endpoint.ts";
import { Exchange } from "./handling.ts";
import { problem } from "./problem.ts";
import { Router } from "./router.ts";
import type { Application, Incoming } from "./exchange.ts";
import type { Cors } from "./cors.ts";
import type { Endpoint } from "./endpoint.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Route } from "./route.ts";
import type { Routed } from "./router.ts";
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

function serve(context: ApplicationContext, incoming: Incoming): void {
  const preflight = context.cors?.preflight(incoming);
  if (preflight) return incoming.answer(preflight);
  const found = context.router.find(incoming.method, pathOf(incoming.target));
  if (found.kind === "match") return new Exchange(context, incoming, found).begin();
  const exchange = new Exchange(context, incoming, { kind: "match", value: context.unmatched, params: {} });
  exchange.fail(notFound(found, exchange));
}

function pathOf(target: string): string {
  const mark = target.indexOf("?");
  return mark === -1 ? target : target.slice(0, mark);
}

type Unrouted = Exclude<Routed<Endpoint>, { kind: "match" }>;

function notFound(found: Unrouted, { incoming, path }: Exchange): Error {
  if (found.kind === "malformed") return problem(400, "the path holds characters that are not well encoded");
  if (found.kind === "none") return problem(404, `there is nothing at ${JSON.stringify(path.slice(0, 200))}`);
  const allow = found.allowed.join(", ");
  return problem(405, { detail: `${incoming.method} is not offered here; ${allow} is`, headers: { allow } });
}
