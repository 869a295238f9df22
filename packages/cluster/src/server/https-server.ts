import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { ApiRequest, ApiResponse, Peer } from "../api/api-exchange.ts";
import { checkNesting, readBounded } from "./bounded-body.ts";
import { handshakeMs, headerBytesMax, idleMs, streamsPerConnectionMax } from "./limits.ts";
import type { Credentials } from "./tls/certificate.ts";

export interface HttpsServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly authority: string;
  readonly credentials: Credentials;
  readonly handle: (request: ApiRequest) => Promise<ApiResponse>;
  readonly log: (line: string) => void;
}

/** Of either version of HTTP: that of HTTP/2 is made to be used as if it were the other. */
type Outgoing = ServerResponse & { readonly stream?: Http2ServerResponse["stream"] };

export interface HttpsServer {
  readonly port: number;
  /** Accepts nobody any more and ends the connections, watches too. */
  readonly close: () => Promise<void>;
}

/** Read by HTTP/1.1, though its types are silent about it. */
const forFirstVersion = { maxHeaderSize: headerBytesMax };

/** HTTP/2 and HTTP/1.1 over TLS on one port. Client certificates are asked for, and checked when they come. */
export async function startHttpsServer(options: HttpsServerOptions): Promise<HttpsServer> {
  const server = createSecureServer({
    allowHTTP1: true,
    ca: options.authority,
    cert: options.credentials.certificate,
    key: options.credentials.key,
    requestCert: true,
    // Somebody without a certificate may have a token.
    rejectUnauthorized: false,
    handshakeTimeout: handshakeMs,
    maxHeaderListPairs: 256,
    ...forFirstVersion,
    settings: { maxConcurrentStreams: streamsPerConnectionMax, maxHeaderListSize: headerBytesMax },
  });
  // HTTP/1.1 reads this of its server, whatever else that server speaks.
  Object.assign(server, { keepAliveTimeout: idleMs });
  const sockets = new Set<TLSSocket>();
  server.on("secureConnection", (socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client that goes without a word is no news.
    socket.on("error", () => socket.destroy());
  });
  server.on("request", (incoming, outgoing) => void answer(options, incoming, outgoing as unknown as Outgoing));
  server.on("upgrade", (incoming, socket, head) => void answerUpgrade(options, incoming, { socket, head }));
  server.on("sessionError", () => undefined);
  await listening(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listening(server: Http2SecureServer, { host, port }: HttpsServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 4_096 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function answer(
  { handle, log }: HttpsServerOptions,
  incoming: Http2ServerRequest | IncomingMessage,
  outgoing: Outgoing,
): Promise<void> {
  const gone = new AbortController();
  // Whoever has the whole answer hasn't gone away from it.
  outgoing.once("close", () => {
    if (!outgoing.writableEnded) gone.abort();
  });
  try {
    const response = await handle(apiRequest(incoming, gone.signal));
    if (gone.signal.aborted) return;
    await send(incoming, outgoing, response);
  } catch (error) {
    if (!gone.signal.aborted) log(`an answer was broken off: ${String(error)}`);
    if (outgoing.stream) outgoing.stream.destroy();
    else incoming.socket.destroy();
  }
}

async function send(
  incoming: Http2ServerRequest | IncomingMessage,
  outgoing: Outgoing,
  response: ApiResponse,
): Promise<void> {
  if (response.kind === "upgrade") {
    writeHead(outgoing, 400, { "content-type": "text/plain" });
    outgoing.end("this needs an Upgrade over HTTP/1.1\n");
    return;
  }
  const isHead = incoming.method === "HEAD";
  if (response.kind === "whole") {
    const body = typeof response.body === "string" ? Buffer.from(response.body) : response.body;
    writeHead(outgoing, response.status, { ...response.headers, "content-length": String(body.length) });
    outgoing.end(isHead ? undefined : body);
    return;
  }
  writeHead(outgoing, response.status, response.headers);
  // A client that waits for a watch to begin is told at once.
  outgoing.flushHeaders();
  for await (const chunk of response.chunks) {
    if (outgoing.writableEnded || outgoing.destroyed) return;
    if (!outgoing.write(chunk)) await drained(outgoing);
  }
  outgoing.end();
}

function drained(outgoing: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.once("drain", done).once("close", done);
  });
}

async function answerUpgrade(
  { handle, log }: HttpsServerOptions,
  incoming: IncomingMessage,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): Promise<void> {
  const gone = new AbortController();
  socket.once("close", () => gone.abort());
  socket.on("error", () => socket.destroy());
  try {
    const response = await handle(apiRequest(incoming, gone.signal));
    if (response.kind === "upgrade") response.accept(socket, head);
    else await refuseUpgrade(socket, response);
  } catch (error) {
    log(`a stream was broken off: ${String(error)}`);
    socket.destroy();
  }
}

/** The answer to a request that wanted another protocol and gets none: plain HTTP on the bare socket. */
async function refuseUpgrade(socket: Duplex, response: Exclude<ApiResponse, { kind: "upgrade" }>): Promise<void> {
  const chunks: Buffer[] = [];
  if (response.kind === "whole") chunks.push(Buffer.from(response.body));
  else for await (const chunk of response.chunks) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  const lines = Object.entries(response.headers).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((each) => `${name}: ${each}`),
  );
  const status = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`;
  const text = [status, ...lines, `content-length: ${body.length}`, "connection: close", "", ""].join("\r\n");
  socket.end(Buffer.concat([Buffer.from(text, "latin1"), body]));
}

function apiRequest(incoming: Http2ServerRequest | IncomingMessage, signal: AbortSignal): ApiRequest {
  const { url = "/", method = "GET" } = incoming;
  const questionMark = url.indexOf("?");
  return {
    method,
    path: questionMark === -1 ? url : url.slice(0, questionMark),
    query: new URLSearchParams(questionMark === -1 ? "" : url.slice(questionMark)),
    headers: singleHeaders(incoming.headers),
    body: async () => {
      const body = await readBounded(incoming);
      if (incoming.headers["content-type"]?.includes("json")) checkNesting(body);
      return body;
    },
    peer: peerOf(incoming.socket as TLSSocket),
    signal,
  };
}

function singleHeaders(headers: IncomingMessage["headers"]): Readonly<Record<string, string | undefined>> {
  const single: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(":")) single[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return single;
}

const peers = new WeakMap<object, Peer>();

/** A connection is looked at once. */
function peerOf(socket: TLSSocket): Peer {
  const known = peers.get(socket);
  if (known) return known;
  const { subject } = socket.getPeerCertificate();
  const made: Peer = {
    address: socket.remoteAddress ?? "",
    certificate:
      subject && socket.authorized ? { user: textOf(subject.CN)[0] ?? "", groups: textOf(subject.O) } : undefined,
    ...(subject && !socket.authorized ? { hasForeignCertificate: true } : {}),
  };
  peers.set(socket, made);
  return made;
}

function textOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function writeHead(
  outgoing: Outgoing,
  status: number,
  headers: Readonly<Record<string, string | readonly string[]>>,
): void {
  for (const [name, value] of Object.entries(headers))
    outgoing.setHeader(name, typeof value === "string" ? value : [...value]);
  outgoing.writeHead(status);
}
