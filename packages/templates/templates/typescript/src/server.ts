import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createLog, traceId, type Log } from "./log.ts";
import { exposition, observe } from "./metrics.ts";
import { findRoute, Problem, type Route } from "./route.ts";
import type { Config } from "./config.ts";

/** Larger bodies are refused with 413. */
const bodyBytesMax = 1024 * 1024;

/** Serves until SIGTERM: then it is no longer ready, finishes what it has begun, and ends with 0. */
export function run(routes: readonly Route[], config: Config): void {
  const log = createLog(config.logLevel);
  let isStopping = false;
  const server = createServer((request, response) => {
    void serve(routes, { request, response, log, isReady: () => !isStopping });
  });
  server.on("error", (error) => {
    log("error", `can't listen on ${config.host}:${config.port}: ${error.message}`);
    process.exit(1);
  });
  server.listen(config.port, config.host, () => log("info", "listening", { host: config.host, port: config.port }));
  process.once("SIGTERM", () => {
    isStopping = true;
    stop(server, config, log);
  });
}

function stop(server: Server, config: Config, log: Log): void {
  log("info", "stopping");
  server.close(() => {
    log("info", "stopped");
    process.exit(0);
  });
  // A connection is idle again when the request that it had has been answered.
  setInterval(() => server.closeIdleConnections(), 100).unref();
  setTimeout(() => {
    log("warn", "requests were cut because the time for shutting down was over");
    server.closeAllConnections();
  }, config.shutdownSeconds * 800).unref();
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly log: Log;
  readonly isReady: () => boolean;
}

async function serve(routes: readonly Route[], { request, response, log, isReady }: Exchange): Promise<void> {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const method = request.method ?? "GET";
  if (method === "GET" && path === "/livez") return send(response, 200, "text/plain", "ok\n");
  if (method === "GET" && path === "/readyz")
    return send(response, isReady() ? 200 : 503, "text/plain", isReady() ? "ok\n" : "stopping\n");
  if (method === "GET" && path === "/metrics") return send(response, 200, "text/plain; version=0.0.4", exposition());
  const started = performance.now();
  const trace_id = traceId(request.headers["traceparent"]?.toString());
  let route = "(none)";
  let status: number;
  try {
    const match = findRoute(routes, method, path);
    if (!match) throw new Problem(404, `there is no ${method} ${path}`);
    route = match.route.path;
    const body = await readJson(request);
    const reply = await match.route.handle({ params: match.params, query: new URLSearchParams(query), body });
    status = reply.status;
    send(response, status, "application/json", reply.body === undefined ? "" : JSON.stringify(reply.body));
  } catch (error) {
    status = error instanceof Problem ? error.status : 500;
    const title = error instanceof Problem ? error.message : "something went wrong here";
    if (status >= 500) log("error", "a request failed", { trace_id, error: String(error) });
    // What was not read of the body must not be taken for the next request.
    if (!request.complete) response.shouldKeepAlive = false;
    send(response, status, "application/problem+json", JSON.stringify({ type: "about:blank", status, title }));
  }
  const seconds = (performance.now() - started) / 1_000;
  observe(method, route, status, seconds);
  log("debug", "request", { method, path, route, status, ms: Math.round(seconds * 1e6) / 1e3, trace_id });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Problem(413, `the body is larger than ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return null;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new Problem(400, "the body is not JSON");
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}
