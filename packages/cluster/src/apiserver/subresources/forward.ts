import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiResponse } from "../../api/api-exchange.ts";
import type { Call } from "../call.ts";
import { ApiError } from "../status.ts";

/** Who says it, and what of the request goes on with it. */
export interface Onward {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Says a request on a connection and hands back the answer as it comes. */
export async function forward(
  socket: Duplex,
  call: Call,
  { method, path, host, headers }: Onward,
): Promise<IncomingMessage> {
  const body = method === "GET" || method === "HEAD" ? undefined : await call.request.body();
  const { signal } = call.request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        method,
        path,
        createConnection: () => socket,
        headers: { ...headers, host, connection: "close", ...(body ? { "content-length": body.length } : {}) },
      },
      resolve,
    );
    // Whoever has gone wants no answer any more.
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
    outgoing.on("error", (error) =>
      reject(new ApiError(502, "", `error trying to reach the backend: ${error.message}`)),
    );
    outgoing.end(body);
  });
}

const ofOneConnection = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function answerOf(incoming: IncomingMessage): ApiResponse {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined && !ofOneConnection.has(name)) headers[name] = value;
  return { kind: "stream", status: incoming.statusCode ?? 502, headers, chunks: incoming };
}

/** What a client says that is for the other end as well; who it is to us is not. */
export function onwardHeaders(call: Call): Readonly<Record<string, string>> {
  const dropped = new Set([...ofOneConnection, "authorization", "host", "content-length"]);
  return Object.fromEntries(
    Object.entries(call.request.headers).flatMap(([name, value]) =>
      value === undefined || dropped.has(name) || name.startsWith("impersonate-") ? [] : [[name, value]],
    ),
  );
}

/** The connections of both become one; what is said on them is theirs: SPDY, WebSocket. The answer to the request is the other end's. */
export function joined(open: () => Promise<Duplex>, call: Call, { method, path, host }: Onward): ApiResponse {
  const { headers } = call.request;
  const lines = Object.entries(onwardHeaders(call)).map(([name, value]) => `${name}: ${value}`);
  const head = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    "connection: Upgrade",
    `upgrade: ${headers["upgrade"] ?? ""}`,
    ...lines,
  ];
  return {
    kind: "upgrade",
    accept: (client, first) =>
      void carry(open, client, Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), first])),
  };
}

async function carry(open: () => Promise<Duplex>, client: Duplex, first: Buffer): Promise<void> {
  try {
    const server = await open();
    server.write(first);
    join(client, server);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const length = `content-length: ${Buffer.byteLength(message)}`;
    client.end(`HTTP/1.1 500 Internal Server Error\r\n${length}\r\nconnection: close\r\n\r\n${message}`);
  }
}

function join(one: Duplex, other: Duplex): void {
  const end = (): void => {
    one.destroy();
    other.destroy();
  };
  one.once("error", end).once("close", end);
  other.once("error", end).once("close", end);
  one.pipe(other);
  other.pipe(one);
}

export function isUpgrade({ request }: Pick<Call, "request">): boolean {
  return request.headers["upgrade"] !== undefined;
}
