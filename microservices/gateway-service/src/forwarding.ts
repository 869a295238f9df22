import { HttpClientError, problem, t } from "@fairway/kit";
import { clientAddress } from "./client-address.ts";
import { isInternal } from "./upstream.ts";
import { limits } from "./limits.ts";
import type { ClientReply, Method, Reply, Route, RouteRequest } from "@fairway/kit";
import type { Upstream } from "./upstream.ts";

const methods: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** What belongs to one connection, or is said anew by the gateway. */
const notForwarded: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "traceparent",
  "tracestate",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-request-timeout-ms",
]);

const passedBack = [
  "cache-control",
  "content-type",
  "etag",
  "last-modified",
  "location",
  "retry-after",
  "www-authenticate",
  "x-service-version",
] as const;

export interface Passing {
  /** The gateway's own line in the header `Via`. */
  readonly via: string;
  /** How many proxies of our own are in front of it. */
  readonly proxies: number;
}

/** Each path of the services, under the same path. The token is checked here and, with the roles, once more there. */
export function forwardingRoutes(upstreams: readonly Upstream[], passing: Passing): readonly Route[] {
  return upstreams.flatMap((upstream) =>
    upstream.prefixes.flatMap((prefix) =>
      methods.flatMap((method) => [
        forwardingRoute({ upstream, method, path: prefix, passing }),
        forwardingRoute({ upstream, method, path: `${prefix}/{rest*}`, passing }),
      ]),
    ),
  );
}

interface Forwarding {
  readonly upstream: Upstream;
  readonly method: Method;
  readonly path: string;
  readonly passing: Passing;
}

function forwardingRoute({ upstream, method, path, passing }: Forwarding): Route {
  return {
    method,
    path,
    summary: `Goes to the ${upstream.name}`,
    ...(path.includes("{") ? { params: t.Object({ rest: t.String() }) } : { params: undefined }),
    responses: {},
    access: "optional",
    hidden: true,
    bodyBytesMax: limits.bodyBytesMax,
    timeoutMs: limits.upstreamTimeoutMs + 1_000,
    handler: (request) => forward(upstream, request, passing),
  };
}

async function forward(upstream: Upstream, request: RouteRequest, passing: Passing): Promise<Reply> {
  const path = request.target.split("?", 1)[0] ?? "";
  if (isInternal(request.method, path)) throw problem(404, `there is nothing at ${JSON.stringify(path)}`);
  const reply = await send(upstream, request, passing).catch((error: unknown) => {
    if (error instanceof HttpClientError) throw upstreamProblem(upstream, error);
    throw error;
  });
  const headers: Record<string, string> = { via: passing.via };
  for (const name of passedBack) {
    const value = reply.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  const bodiless = reply.status === 204 || reply.status === 304;
  return { status: reply.status, headers, ...(bodiless ? {} : { body: reply.bytes }) };
}

const everyStatus = Array.from({ length: 400 }, (_, index) => 200 + index);

function send(upstream: Upstream, request: RouteRequest, { via, proxies }: Passing): Promise<ClientReply<unknown>> {
  const { remoteAddress, rawHeaders } = request;
  const client = clientAddress({ headers: rawHeaders, remoteAddress }, proxies);
  const headers: Record<string, string> = { via, "x-forwarded-for": client };
  for (const [name, value] of Object.entries(rawHeaders)) {
    if (value !== undefined && !notForwarded.has(name)) headers[name] = String(value);
  }
  const { method, rawBody } = request;
  return upstream.client.request(method, request.target, {
    headers,
    expect: everyStatus,
    signal: request.signal,
    ...(rawBody.length > 0 ? { rawBody } : {}),
  });
}

function upstreamProblem(upstream: Upstream, error: HttpClientError): Error {
  const late = error.code === "timeout";
  return problem(late ? 504 : 502, {
    type: late ? "/problems/upstream-late" : "/problems/upstream-unreachable",
    detail: `the ${upstream.name} ${late ? "did not answer in time" : "cannot be reached for the moment"}; try again`,
    headers: { "retry-after": "1" },
    cause: error,
  });
}
