import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { ApiRequest, Peer } from "../api/api-exchange.ts";
import { checkNesting, readBounded } from "./bounded-body.ts";
import type { Leaving } from "./leaving.ts";

/**
 * A request as it came, by either version of HTTP. What is asked for seldom is on the prototype: a getter in an object of its own would keep the
 * whole request until the next collection of all the heap.
 */
export class ReceivedRequest implements ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly peer: Peer;
  readonly #incoming: Http2ServerRequest | IncomingMessage;
  readonly #leaving: Leaving;
  #body: Promise<Buffer> | undefined;

  constructor(incoming: Http2ServerRequest | IncomingMessage, leaving: Leaving) {
    const { url = "/", method = "GET" } = incoming;
    const questionMark = url.indexOf("?");
    this.method = method;
    this.path = questionMark === -1 ? url : url.slice(0, questionMark);
    this.query = questionMark === -1 ? noQuery : new URLSearchParams(url.slice(questionMark));
    this.headers = singleHeaders(incoming.headers);
    this.peer = peerOf(incoming.socket as TLSSocket);
    this.#incoming = incoming;
    this.#leaving = leaving;
  }

  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  body(): Promise<Buffer> {
    return (this.#body ??= bodyOf(this.#incoming));
  }
}

/** Most requests have none, and nobody changes what was asked. */
const noQuery = new URLSearchParams();

async function bodyOf(incoming: Http2ServerRequest | IncomingMessage): Promise<Buffer> {
  const body = await readBounded(incoming);
  if (incoming.headers["content-type"]?.includes("json")) checkNesting(body);
  return body;
}

function singleHeaders(headers: IncomingMessage["headers"]): Readonly<Record<string, string | undefined>> {
  const single: Record<string, string | undefined> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
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
