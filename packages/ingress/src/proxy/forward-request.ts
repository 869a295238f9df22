import { request as httpRequest } from "node:http";
import type { Agent, ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { Balancer } from "../backends/balancer.ts";
import { keyOf } from "../backends/balancer.ts";
import type { Endpoint } from "../backends/find-endpoints.ts";
import { attemptsMax, connectMsMax, silenceMsMax } from "../limits.ts";
import type { Backend } from "./choose-backend.ts";
import { requestHeaders, responseHeaders } from "./headers.ts";
import type { ForwardedBy, RawHeaders } from "./headers.ts";
import { refuse } from "./refusal.ts";
import type { Refusal } from "./refusal.ts";

export interface ForwardContext {
  readonly agent: Agent;
  readonly balancer: Balancer;
  readonly log: (line: string) => void;
  /** A pod that has not begun its answer by then has none. */
  readonly answerMs: number;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly backend: Backend;
  readonly by: ForwardedBy;
}

const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Leads a request to a pod and its answer back, both as they come. */
export function forwardRequest(context: ForwardContext, exchange: Exchange): void {
  new Forwarding(context, exchange).attempt(false);
}

class Forwarding {
  readonly #context: ForwardContext;
  readonly #exchange: Exchange;
  readonly #headers: RawHeaders;
  readonly #hasBody: boolean;
  readonly #tried = new Set<string>();
  #attempts = 0;
  #outgoing: ClientRequest | undefined;
  /** Set with the first byte that a pod may have seen. */
  #hasBegun = false;

  constructor(context: ForwardContext, exchange: Exchange) {
    this.#context = context;
    this.#exchange = exchange;
    const { request, response } = exchange;
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    this.#hasBody = encoding !== undefined || (length !== undefined && length !== "0");
    this.#headers = requestHeaders(request, exchange.by);
    if (encoding !== undefined) this.#headers.push("Transfer-Encoding", "chunked");
    else if (length === undefined && !/^(?:GET|HEAD|DELETE|OPTIONS|TRACE)$/u.test(request.method ?? "")) {
      this.#headers.push("Content-Length", "0");
    }
    response.on("close", () => {
      if (!response.writableFinished) this.#outgoing?.destroy();
    });
  }

  /** `isFresh`: on a connection of its own, because the last one that was kept open turned out to be closed. */
  attempt(isFresh: boolean): void {
    const { backend, response } = this.#exchange;
    const endpoints = backend.endpoints();
    if ("status" in endpoints) return this.#refuse(endpoints);
    const endpoint = this.#context.balancer.choose(endpoints, this.#tried);
    if (endpoint === undefined || this.#attempts >= attemptsMax) {
      const text = `no pod of the service ${backend.service} accepts connections (tried: ${[...this.#tried].join(", ")})`;
      return this.#refuse({ status: 502, text });
    }
    if (response.destroyed) return;
    this.#attempts += 1;
    this.#send(endpoint, isFresh);
  }

  #send(endpoint: Endpoint, isFresh: boolean): void {
    const { request, response, backend } = this.#exchange;
    const { balancer } = this.#context;
    const outgoing = httpRequest({
      agent: isFresh ? false : this.#context.agent,
      host: endpoint.address,
      port: endpoint.port,
      method: request.method ?? "GET",
      path: backend.target,
      headers: this.#headers,
      timeout: this.#context.answerMs,
    });
    this.#outgoing = outgoing;
    balancer.began(endpoint);
    let connecting: NodeJS.Timeout | undefined;
    outgoing
      .once("socket", (socket) => {
        if (!socket.connecting) return this.#begin(outgoing);
        connecting = setTimeout(
          () => outgoing.destroy(new Error(`no connection for ${connectMsMax} ms`)),
          connectMsMax,
        );
        socket.once("connect", () => {
          clearTimeout(connecting);
          this.#begin(outgoing);
        });
      })
      .once("close", () => {
        clearTimeout(connecting);
        balancer.ended(endpoint);
      })
      .once("continue", () => response.writeContinue())
      .once("response", (answer) => this.#answer(outgoing, answer))
      .once("timeout", () => {
        this.#refuse({
          status: 504,
          text: `the pod ${endpoint.name} has not answered for ${this.#context.answerMs / 1000} s`,
        });
        outgoing.destroy();
      })
      .on("error", (error) => this.#fail(outgoing, endpoint, error));
  }

  #begin(outgoing: ClientRequest): void {
    this.#hasBegun = true;
    const { request } = this.#exchange;
    if (!this.#hasBody) {
      outgoing.end();
      return;
    }
    outgoing.flushHeaders();
    request.pipe(outgoing, { end: false });
    request.once("end", () => {
      if (Object.keys(request.trailers).length > 0) outgoing.addTrailers(pairsOf(request.rawTrailers));
      outgoing.end();
    });
    outgoing.once("close", () => {
      request.unpipe(outgoing);
      // What the pod did not want to read is read here, so that the client gets to the answer.
      request.resume();
    });
  }

  #answer(outgoing: ClientRequest, answer: IncomingMessage): void {
    const { response } = this.#exchange;
    outgoing.setTimeout(silenceMsMax);
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer));
    answer.pipe(response, { end: false });
    answer.once("end", () => {
      if (answer.rawTrailers.length > 0) response.addTrailers(pairsOf(answer.rawTrailers));
      response.end();
    });
    answer.once("error", () => response.destroy());
    // An answer whose body is yet to come is not held back for it: events of a server may be far apart.
    setImmediate(() => {
      if (!response.writableEnded && !response.destroyed) response.flushHeaders();
    });
  }

  #fail(outgoing: ClientRequest, endpoint: Endpoint, error: Error): void {
    const { request, response, backend } = this.#exchange;
    if (response.writableEnded) return;
    if (response.headersSent || response.destroyed || outgoing !== this.#outgoing) {
      response.destroy();
      return;
    }
    if (!this.#hasBegun) {
      this.#tried.add(keyOf(endpoint));
      this.attempt(false);
      return;
    }
    if (outgoing.reusedSocket && !this.#hasBody && idempotent.has(request.method ?? "")) {
      this.#hasBegun = false;
      this.attempt(true);
      return;
    }
    const text = `the pod ${endpoint.name} of the service ${backend.service} ended the connection: ${error.message}`;
    this.#refuse({ status: 502, text });
  }

  #refuse(refusal: Refusal): void {
    const { request, response } = this.#exchange;
    if (refusal.status === 502 || refusal.status === 504) {
      this.#context.log(`${request.method ?? ""} ${this.#exchange.by.host}${request.url ?? ""}: ${refusal.text}`);
    }
    request.resume();
    refuse(response, refusal);
  }
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) pairs.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  return pairs;
}
