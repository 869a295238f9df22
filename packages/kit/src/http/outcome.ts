import { ClientGoneError } from "./deadline.ts";
import { HttpProblem, problem } from "./problem.ts";
import type { ApplicationContext } from "./application.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Exchange } from "./handling.ts";
import type { Outgoing } from "./exchange.ts";
import type { Reply } from "./route.ts";

/** A status of our own for the log and the metrics; nobody receives it. */
const clientGoneStatus = 499;

export function sendable(context: ApplicationContext, endpoint: Endpoint, reply: Reply): Outgoing {
  if (reply instanceof HttpProblem) throw reply;
  const { status, body } = reply;
  const shape = endpoint.replies.get(status);
  // Bytes are somebody else's answer, passed on as they are.
  const passedOn = body instanceof Uint8Array;
  if (context.checkReplies && !passedOn) checkReply(endpoint, reply);
  const headers = baseHeaders(reply.headers);
  if (body === undefined) return { status, headers, body: "" };
  if (passedOn || (typeof body === "string" && shape?.mediaType !== undefined)) {
    headers["content-type"] ??= shape?.mediaType ?? "application/octet-stream";
    return { status, headers, body };
  }
  headers["content-type"] ??= "application/json";
  return { status, headers, body: JSON.stringify(body) };
}

function baseHeaders(given: Readonly<Record<string, string>> | undefined): Record<string, string> {
  if (!given) return { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  for (const [name, value] of Object.entries(given)) {
    if (!/^[\t\x20-\x7e]*$/.test(value)) {
      throw new TypeError(`the header ${name} holds ${JSON.stringify(value)}, which a header cannot: encode it`);
    }
  }
  return { "cache-control": "no-store", "x-content-type-options": "nosniff", ...given };
}

function checkReply(endpoint: Endpoint, reply: Reply): void {
  const shape = endpoint.replies.get(reply.status);
  const where = `${endpoint.spanName} answered ${reply.status}`;
  if (!shape) throw new TypeError(`${where}, which its responses don't declare`);
  // As the client will see it: dates are text, undefined fields are absent.
  const seen: unknown =
    reply.body === undefined || shape.mediaType ? undefined : JSON.parse(JSON.stringify(reply.body));
  if (shape.mediaType === undefined && !shape.check.matches(seen)) {
    throw new TypeError(`${where} with another body than declared: ${JSON.stringify(shape.check.problems(seen))}`);
  }
}

/** The answer for what was thrown. What is not a problem is our mistake: logged in full, told in general. */
export function problemReply(context: ApplicationContext, exchange: Exchange, error: unknown): Outgoing {
  const found = error instanceof HttpProblem ? error : problemFor(error);
  if (found.status >= 500) {
    exchange.span.fail(error);
    const request = `${exchange.incoming.method} ${exchange.path}`;
    context.telemetry.log.error("a request failed", { request, status: found.status, error });
  }
  const body = JSON.stringify({ ...found.toJSON(), traceId: exchange.span.context.traceId });
  const headers = { ...baseHeaders(found.headers), "content-type": "application/problem+json" };
  return { status: found.status, headers, body };
}

function problemFor(error: unknown): HttpProblem {
  if (error instanceof ClientGoneError) return problem(clientGoneStatus, { title: "Client closed request" });
  const retry = error instanceof Error && "retry" in error && error.retry === true;
  if (!retry) return problem(500, "something went wrong on our side; the trace id leads to it");
  const detail = "something this service needs is not there for the moment; try again";
  return problem(503, { type: "/problems/unavailable", detail, headers: { "retry-after": "1" } });
}

/** Metrics, span and log of a request that has its answer. */
export function finish(context: ApplicationContext, exchange: Exchange, status: number): void {
  const { endpoint, span, incoming, path, started } = exchange;
  if (endpoint.quiet) return;
  const milliseconds = performance.now() - started;
  endpoint.duration(status).observe(milliseconds / 1_000);
  if (span.recording) {
    span.set({
      "http.request.method": incoming.method,
      "http.route": endpoint.route.path,
      "http.response.status_code": status,
      "url.path": path,
    });
  }
  span.end();
  const level = status >= 400 && status !== 401 && status !== 404 ? "info" : "debug";
  const { log } = context.telemetry;
  if (!log.enabled(level)) return;
  const { traceId, spanId } = span.context;
  log[level]("request", {
    method: incoming.method,
    path,
    route: endpoint.route.path,
    status,
    ms: Math.round(milliseconds * 100) / 100,
    trace_id: traceId,
    span_id: spanId,
  });
}
