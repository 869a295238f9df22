import { createServer } from "node:http";
import { limits } from "../limits.ts";
import { problem } from "./problem.ts";
import type { AddressInfo } from "node:net";
import type { Application, Incoming, Outgoing } from "./exchange.ts";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

export interface MountOptions {
  readonly host: string;
  readonly port: number;
  readonly onProblem: (error: unknown) => void;
}

export interface MountedServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new connections, lets requests end within the time, then closes what is left. Says how many it cut. */
  close(withinMs: number): Promise<number>;
}

export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: "address_in_use" | "cannot_listen";

  constructor(host: string, port: number, cause: Error) {
    const taken = "code" in cause && cause.code === "EADDRINUSE";
    const advice = taken ? "another program has it: set PORT to a free one" : cause.message;
    super(`cannot listen on ${host}:${port}: ${advice}`, { cause });
    this.code = taken ? "address_in_use" : "cannot_listen";
  }
}

/** Puts an application on a socket. */
export async function mount(application: Application, options: MountOptions): Promise<MountedServer> {
  let closing = false;
  let active = 0;
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestReceiveTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      noDelay: true,
    },
    (request, response) => {
      active++;
      const incoming = new SocketRequest(request, response, () => active--);
      application(incoming)
        .then((outgoing) => send(request, response, outgoing, closing))
        .catch((error: unknown) => {
          options.onProblem(error);
          response.destroy();
        });
    },
  );
  const port = await listen(server, options);
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  const close = async (withinMs: number): Promise<number> => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    let cut = 0;
    const timer = setTimeout(() => {
      cut = active;
      server.closeAllConnections();
    }, withinMs);
    await closed;
    clearTimeout(timer);
    return cut;
  };
  return { url: `http://${host}:${port}`, port, close };
}

function listen(server: Server, { host, port }: MountOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", (error) => reject(new ListenError(host, port, error)));
  server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  return promise;
}

class SocketRequest implements Incoming {
  readonly #request: IncomingMessage;
  #gone: (() => void) | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, onEnd: () => void) {
    this.#request = request;
    response.on("close", () => {
      onEnd();
      if (!response.writableEnded) this.#gone?.();
    });
  }

  get method(): string {
    return this.#request.method ?? "GET";
  }

  get target(): string {
    return this.#request.url ?? "/";
  }

  get headers(): IncomingMessage["headers"] {
    return this.#request.headers;
  }

  get remoteAddress(): string {
    return this.#request.socket.remoteAddress ?? "";
  }

  readBody(bytesMax: number): Promise<Uint8Array> {
    return readBody(this.#request, bytesMax);
  }

  onGone(listener: () => void): void {
    this.#gone = listener;
  }
}

const noBytes = Buffer.alloc(0);

function readBody(request: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const announced = request.headers["content-length"];
  if (announced === undefined && request.headers["transfer-encoding"] === undefined) return Promise.resolve(noBytes);
  if (Number(announced ?? 0) > bytesMax) return Promise.reject(tooLarge(bytesMax));
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > bytesMax) reject(tooLarge(bytesMax));
    else chunks.push(chunk);
  });
  request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] ?? noBytes) : Buffer.concat(chunks)));
  request.once("error", (error) => reject(problem(400, { detail: "the body did not arrive in full", cause: error })));
  return promise;
}

function tooLarge(bytesMax: number): Error {
  return problem(413, `the body is larger than ${bytesMax} bytes`);
}

function send(request: IncomingMessage, response: ServerResponse, outgoing: Outgoing, closing: boolean): void {
  if (response.destroyed) return;
  const { body, headers } = outgoing;
  if (outgoing.status !== 204 && outgoing.status !== 304) {
    headers["content-length"] ??= String(typeof body === "string" ? Buffer.byteLength(body) : body.length);
  }
  // What was not read would be taken for the next request, or be read for nothing.
  if (closing || !request.complete) headers["connection"] = "close";
  response.writeHead(outgoing.status, headers);
  response.end(request.method === "HEAD" || body.length === 0 ? undefined : body);
}
