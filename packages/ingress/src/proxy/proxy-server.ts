import { randomUUID } from "node:crypto";
import { Agent, createServer } from "node:http";
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { Balancer } from "../backends/balancer.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import {
  connectionsPerPodMax,
  drainMsMax,
  headerBytesMax,
  headersMax,
  headersMsMax,
  idleClientMs,
  idleConnectionsPerPodMax,
  idlePodConnectionMs,
  requestsMax,
} from "../limits.ts";
import { chooseBackend } from "./choose-backend.ts";
import { forwardRequest } from "./forward-request.ts";
import type { ForwardContext } from "./forward-request.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { isRequestId } from "./headers.ts";
import type { ForwardedBy } from "./headers.ts";
import { refuse, refuseSocket } from "./refusal.ts";

export interface ProxyOptions {
  readonly view: ClusterView;
  readonly log: (line: string) => void;
  readonly answerMs: number;
}

/** The servers that take requests, and what they share. */
export class Proxy {
  readonly #view: ClusterView;
  readonly #agent = new Agent({
    keepAlive: true,
    maxSockets: connectionsPerPodMax,
    maxFreeSockets: idleConnectionsPerPodMax,
    timeout: idlePodConnectionMs,
    scheduling: "lifo",
  });
  readonly #context: ForwardContext;
  readonly #servers: Server[] = [];
  readonly #upgraded = new Set<Socket>();
  #open = 0;

  constructor({ view, log, answerMs }: ProxyOptions) {
    this.#view = view;
    this.#context = { agent: this.#agent, balancer: new Balancer(), log, answerMs };
  }

  /** A server that is not listening yet. */
  createServer(certificateOf?: (host: string) => SecureContext | undefined): Server {
    const options: ServerOptions = {
      maxHeaderSize: headerBytesMax,
      keepAliveTimeout: idleClientMs,
      headersTimeout: headersMsMax,
      // Bodies take as long as they take; a silent one ends by the limits of the exchange.
      requestTimeout: 0,
      noDelay: true,
      // Who offers HTTP/2 without TLS can do without it.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() !== "h2c",
    };
    const scheme = certificateOf === undefined ? "http" : "https";
    const server =
      certificateOf === undefined
        ? createServer(options)
        : createTlsServer({
            ...options,
            SNICallback: (host, answer) => answer(null, certificateOf(host)),
          });
    server.maxHeadersCount = headersMax;
    const take = (request: IncomingMessage, response: ServerResponse): void => this.#take(scheme, request, response);
    server.on("request", take).on("checkContinue", take);
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.#takeUpgrade(scheme, { request, socket, head }),
    );
    server.on("clientError", (error: Error & { code?: string }, socket) => {
      if (error.code === "ECONNRESET") socket.destroy();
      else refuseSocket(socket, clientProblem(error));
    });
    this.#servers.push(server);
    return server;
  }

  /** Takes no more, lets those under way finish, and ends what does not. */
  async close(): Promise<void> {
    const ended = this.#servers.map((server) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeIdleConnections();
      return promise;
    });
    for (const socket of this.#upgraded) socket.end();
    const end = (): void => {
      for (const server of this.#servers) server.closeAllConnections();
      for (const socket of this.#upgraded) socket.destroy();
    };
    const timer = setTimeout(end, drainMsMax);
    await Promise.all(ended);
    clearTimeout(timer);
    end();
    this.#agent.destroy();
  }

  #take(scheme: ForwardedBy["scheme"], request: IncomingMessage, response: ServerResponse): void {
    if (this.#open >= requestsMax) {
      refuse(response, { status: 503, text: `more than ${requestsMax} requests are under way` });
      return;
    }
    this.#open += 1;
    response.once("close", () => (this.#open -= 1));
    const backend = chooseBackend(request, this.#view);
    if ("status" in backend) {
      request.resume();
      refuse(response, backend);
      return;
    }
    forwardRequest(this.#context, { request, response, backend, by: forwardedBy(scheme, request, backend.host) });
  }

  #takeUpgrade(
    scheme: ForwardedBy["scheme"],
    { request, socket, head }: { request: IncomingMessage; socket: Socket; head: Buffer },
  ): void {
    this.#upgraded.add(socket);
    socket.once("close", () => this.#upgraded.delete(socket));
    const backend = chooseBackend(request, this.#view);
    if ("status" in backend) {
      refuseSocket(socket, backend);
      return;
    }
    const by = forwardedBy(scheme, request, backend.host);
    forwardUpgrade(this.#context, { request, socket, head, backend, by });
  }
}

function forwardedBy(scheme: ForwardedBy["scheme"], request: IncomingMessage, host: string): ForwardedBy {
  const given = request.headers["x-request-id"];
  const id = Array.isArray(given) ? given[0] : given;
  const { remoteAddress = "", localPort = 0 } = request.socket;
  return {
    scheme,
    host,
    port: localPort,
    address: remoteAddress.replace(/^::ffff:/u, ""),
    requestId: isRequestId(id) ? id : randomUUID(),
  };
}

function clientProblem({ code, message }: Error & { code?: string }): { status: number; text: string } {
  if (code === "HPE_HEADER_OVERFLOW")
    return { status: 431, text: `the headers have more than ${headerBytesMax} bytes` };
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return { status: 408, text: "the request did not come in time" };
  return { status: 400, text: `this is not HTTP as it has to be: ${message}` };
}
