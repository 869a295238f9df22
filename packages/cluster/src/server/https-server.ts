import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { STATUS_CODES, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { ApiRequest, ApiResponse } from "../api/api-exchange.ts";
import { Leaving } from "./leaving.ts";
import { handshakeMs, headerBytesMax, idleMs, streamsPerConnectionMax } from "./limits.ts";
import { ReceivedRequest } from "./received-request.ts";
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
  const leaving = new Leaving();
  // Whoever has the whole answer hasn't gone away from it.
  outgoing.once("close", () => {
    if (!outgoing.writableEnded) leaving.happens();
  });
  try {
    const response = await handle(new ReceivedRequest(incoming, leaving));
    if (leaving.hasHappened) return;
    await send(incoming, outgoing, response);
  } catch (error) {
    if (!leaving.hasHappened) log(`an answer was broken off: ${String(error)}`);
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
    outgoing.writeHead(400, { "content-type": "text/plain" });
    outgoing.end("this needs an Upgrade over HTTP/1.1\n");
    return;
  }
  const isHead = incoming.method === "HEAD";
  if (response.kind === "whole") {
    const body = typeof response.body === "string" ? Buffer.from(response.body) : response.body;
    const head = sendable(response);
    head["content-length"] = body.length;
    outgoing.writeHead(response.status, head);
    outgoing.end(isHead ? undefined : body);
    return;
  }
  outgoing.writeHead(response.status, sendable(response));
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
  const leaving = new Leaving();
  socket.once("close", () => leaving.happens());
  socket.on("error", () => socket.destroy());
  try {
    const response = await handle(new ReceivedRequest(incoming, leaving));
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

/** As `writeHead` takes them, which could change lists. */
function sendable({ headers }: Exclude<ApiResponse, { kind: "upgrade" }>): OutgoingHttpHeaders {
  const sent: OutgoingHttpHeaders = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) sent[name] = typeof value === "string" ? value : [...value];
  }
  return sent;
}
