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
  const state: ServerState = { closing: false, active: 0, onProblem: options.onProblem };
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestReceiveTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      noDelay: true,
      optimizeEmptyRequests: true,
    },
    (request, response) => {
      const incoming = new SocketRequest(request, response, state);
      try {
        application(incoming);
      } catch (error) {
        options.onProblem(error);
        response.destroy();
      }
    },
  );
  const port = await listen(server, options);
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  const close = async (withinMs: number): Promise<number> => {
    state.closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    let cut = 0;
    const timer = setTimeout(() => {
      cut = state.active;
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

interface ServerState {
  closing: boolean;
  /** Requests whose answer has not left yet. */
  active: number;
  readonly onProblem: (error: unknown) => void;
}

class SocketRequest implements Incoming {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #state: ServerState;

  constructor(request: IncomingMessage, response: ServerResponse, state: ServerState) {
    this.#request = request;
    this.#response = response;
    this.#state = state;
    state.active++;
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

  readBody(bytesMax: number, onBody: (bytes: Uint8Array) => void, onFailure: (error: unknown) => void): void {
    const request = this.#request;
    if (!hasBody(request)) return onBody(noBytes);
    const announced = request.headers["content-length"];
    if (announced !== undefined && Number(announced) > bytesMax) return onFailure(tooLarge(bytesMax));
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) onFailure(tooLarge(bytesMax));
      else if (first) (more ??= [first]).push(chunk);
      else first = chunk;
    });
    request.on("end", () => {
      if (size <= bytesMax) onBody(more ? Buffer.concat(more, size) : (first ?? noBytes));
    });
    request.on("error", (cause) => onFailure(problem(400, { detail: "the body did not arrive in full", cause })));
  }

  onGone(listener: () => void): void {
    const response = this.#response;
    response.on("close", () => {
      if (!response.writableEnded) listener();
    });
  }

  answer(outgoing: Outgoing): void {
    const response = this.#response;
    const state = this.#state;
    try {
      if (!response.destroyed) send(this.#request, response, outgoing, state.closing);
    } catch (error) {
      state.onProblem(error);
      response.destroy();
    }
    if (response.destroyed || response.writableLength === 0) state.active--;
    else response.on("close", () => state.active--);
  }
}

const noBytes = Buffer.alloc(0);

function hasBody({ headers }: IncomingMessage): boolean {
  const announced = headers["content-length"];
  return (announced !== undefined && announced !== "0") || headers["transfer-encoding"] !== undefined;
}

function tooLarge(bytesMax: number): Error {
  return problem(413, `the body is larger than ${bytesMax} bytes`);
}

function send(request: IncomingMessage, response: ServerResponse, outgoing: Outgoing, closing: boolean): void {
  const { body, headers } = outgoing;
  if (outgoing.status !== 204 && outgoing.status !== 304) {
    headers["content-length"] ??= String(typeof body === "string" ? Buffer.byteLength(body) : body.length);
  }
  // What was not read would be taken for the next request, or be read for nothing.
  if (closing || (!request.complete && hasBody(request))) headers["connection"] = "close";
  response.writeHead(outgoing.status, headers);
  response.end(request.method === "HEAD" || body.length === 0 ? undefined : body);
}
