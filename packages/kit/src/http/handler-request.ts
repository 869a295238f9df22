import { headerText } from "./exchange.ts";
import { parseJsonBody } from "./json-body.ts";
import { problem } from "./problem.ts";
import type { Caller, RouteRequest } from "./route.ts";
import type { HeaderName } from "./endpoint.ts";
import type { Incoming } from "./exchange.ts";
import type { Exchange } from "./handling.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Span } from "../telemetry/tracer.ts";

export interface HandlerRequestParts {
  readonly exchange: Exchange;
  readonly caller: Caller | undefined;
  readonly rawBody: Uint8Array;
  readonly log: Logger;
}

/** Everything that the route declared, checked, before its handler sees it. */
export class HandlerRequest implements RouteRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  readonly rawBody: Uint8Array;
  readonly caller: Caller | undefined;
  readonly log: Logger;
  readonly span: Span;
  readonly #exchange: Exchange;

  constructor({ exchange, caller, rawBody, log }: HandlerRequestParts) {
    const { endpoint, incoming, params, search } = exchange;
    this.params = endpoint.params?.readText(Object.entries(params)) ?? params;
    this.query = endpoint.query?.readText(readQuery(search));
    this.headers = endpoint.headers?.readText(headerValues(endpoint.headerNames, incoming));
    this.body = endpoint.body?.read(parseJsonBody(rawBody, headerText(incoming.headers, "content-type")));
    this.rawBody = rawBody;
    this.caller = caller;
    this.log = log;
    this.span = exchange.span;
    this.#exchange = exchange;
  }

  get method(): string {
    return this.#exchange.incoming.method;
  }

  get target(): string {
    return this.#exchange.incoming.target;
  }

  get rawHeaders(): RouteRequest["rawHeaders"] {
    return this.#exchange.incoming.headers;
  }

  get remoteAddress(): string {
    return this.#exchange.incoming.remoteAddress;
  }

  get signal(): AbortSignal {
    return this.#exchange.time.signal;
  }
}

type TextPair = readonly [string, string];

function readQuery(search: string): readonly TextPair[] {
  if (search === "") return [];
  if (/[%+]/.test(search)) {
    if (search.includes("%00")) throw problem(400, "the query holds the character U+0000, which no text field takes");
    return [...new URLSearchParams(search)];
  }
  const parts = search.split("&").filter((part) => part !== "");
  return parts.map((part): TextPair => {
    const equals = part.indexOf("=");
    return equals === -1 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
  });
}

function headerValues(names: readonly HeaderName[], { headers }: Incoming): readonly TextPair[] {
  const found: TextPair[] = [];
  for (const { declared, received } of names) {
    const value = headerText(headers, received);
    if (value !== undefined) found.push([declared, value]);
  }
  return found;
}
