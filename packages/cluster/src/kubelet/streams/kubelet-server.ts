import { createServer } from "node:https";
import type { Server } from "node:https";
import { STATUS_CODES } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { once } from "node:events";
import { KubeletError, messageOf } from "../kubelet-error.ts";
import { streamIdleMs } from "../limits.ts";
import type { PodManager } from "../pod-manager.ts";
import { summary } from "../stats/summary.ts";
import { resourceMetrics } from "../stats/usage-report.ts";
import type { UsageSource } from "../stats/usage-report.ts";
import type { KubeletAccess } from "./kubelet-access.ts";
import { logOptions } from "./log-query.ts";
import type { PodStreams } from "./pod-streams.ts";
import type { StreamWish } from "./spdy-command.ts";

export interface KubeletServerOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  /** Of clients' certificates. */
  readonly clientCa: string | undefined;
  readonly access: KubeletAccess;
  readonly streams: PodStreams;
  readonly pods: PodManager;
  readonly usage: UsageSource;
  /** On the disk that all of the node's folders are on. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

export interface KubeletServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** The HTTPS endpoint of a kubelet, as API servers and metrics collectors call it. */
export async function startKubeletServer(options: KubeletServerOptions): Promise<KubeletServer> {
  const { certificate, key, clientCa, host } = options;
  const sockets = new Set<Duplex>();
  const server = createServer({
    cert: certificate,
    key,
    requestCert: clientCa !== undefined,
    rejectUnauthorized: false,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
  });
  server.on("connection", (socket: Duplex) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("request", (request, response) => {
    answer(request, response, options).catch((error: unknown) => refuse(response, error));
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", (error) => socket.destroy(error));
    permit(request, options)
      .then(() => upgrade(request, { socket, head }, options))
      .catch((error: unknown) => refuseUpgrade(socket, error));
  });
  await listen(server, options.port, host);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.requestTimeout = 0;
  server.timeout = streamIdleMs;
  server.listen(port, host);
  await once(server, "listening");
}

async function permit(request: IncomingMessage, { access }: KubeletServerOptions): Promise<void> {
  const verdict = await access(request);
  if (verdict === "unauthenticated") throw new KubeletError("unauthenticated", "Unauthorized");
  if (verdict === "forbidden") throw new KubeletError("forbidden", "Forbidden");
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: KubeletServerOptions,
): Promise<void> {
  const url = new URL(request.url ?? "/", "https://kubelet");
  if (url.pathname === "/healthz") {
    response.end("ok");
    return;
  }
  await permit(request, options);
  const [root, ...parts] = url.pathname.split("/").slice(1).map(decodeURIComponent);
  if (root === "containerLogs" && parts.length === 3) return sendLogs(request, response, { parts, url, options });
  if (url.pathname === "/stats/summary")
    return sendJson(response, await summary(options.usage, options.pods, options.folder));
  if (url.pathname === "/metrics/resource") {
    response.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
    response.end(await resourceMetrics(options.usage, options.pods));
    return;
  }
  if (url.pathname === "/pods" || url.pathname === "/runningpods/") {
    const items = options.pods.workers().map((worker) => ({ ...worker.pod, status: worker.status() }));
    return sendJson(response, { kind: "PodList", apiVersion: "v1", metadata: {}, items });
  }
  response.writeHead(404).end("404 page not found\n");
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

interface LogRequest {
  readonly parts: readonly string[];
  readonly url: URL;
  readonly options: KubeletServerOptions;
}

async function sendLogs(
  request: IncomingMessage,
  response: ServerResponse,
  { parts, url, options }: LogRequest,
): Promise<void> {
  const [namespace = "", pod = "", container = ""] = parts;
  const gone = new AbortController();
  request.socket.once("close", () => gone.abort());
  const lines = options.streams.logs(
    { namespace, pod, container },
    logOptions(url.searchParams, new Date()),
    gone.signal,
  );
  response.writeHead(200, { "content-type": "text/plain" });
  response.flushHeaders();
  for await (const line of lines) {
    if (!response.write(line)) await Promise.race([once(response, "drain"), once(gone.signal, "abort")]);
    if (gone.signal.aborted) return;
  }
  response.end();
}

function upgrade(
  request: IncomingMessage,
  { socket, head }: { socket: Duplex; head: Buffer },
  options: KubeletServerOptions,
): void {
  const url = new URL(request.url ?? "/", "https://kubelet");
  const [root = "", namespace = "", pod = "", ...rest] = url.pathname.split("/").slice(1).map(decodeURIComponent);
  const container = rest.at(-1) ?? "";
  const query = url.searchParams;
  const change = { request, socket, head };
  const isSet = (name: string): boolean => query.get(name) === "1" || query.get(name) === "true";
  const wish: StreamWish = {
    stdin: isSet("input"),
    stdout: isSet("output"),
    stderr: isSet("error"),
    tty: isSet("tty"),
  };
  if (root === "exec")
    options.streams.exec({ namespace, pod, container }, change, { wish, command: query.getAll("command") });
  else if (root === "attach") options.streams.attach({ namespace, pod, container }, change, wish);
  else if (root === "portForward")
    options.streams.portForward({ namespace, pod }, change, query.getAll("port").map(Number));
  else if (root === "containerLogs")
    options.streams.logMessages({ namespace, pod, container }, change, logOptions(query, new Date()));
  else throw new KubeletError("not-found", "404 page not found");
}

const statuses: Readonly<Record<string, number>> = {
  "not-found": 404,
  "bad-request": 400,
  unauthenticated: 401,
  forbidden: 403,
};

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof KubeletError ? (statuses[error.code] ?? 500) : 500;
  response.writeHead(status, { "content-type": "text/plain" }).end(messageOf(error));
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const status = error instanceof KubeletError ? (statuses[error.code] ?? 500) : 500;
  const text = messageOf(error);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
    "Content-Type: text/plain",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}
