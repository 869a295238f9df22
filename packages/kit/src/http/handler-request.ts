import { headerText } from "./exchange.ts";
import { parseJsonBody } from "./json-body.ts";
import { problem } from "./problem.ts";
import type { ApplicationContext, MatchedExchange } from "./application.ts";
import type { Caller, RouteRequest } from "./route.ts";
import type { Endpoint } from "./endpoint.ts";

const noBytes = new Uint8Array();

/** Everything that the route declared, checked, before its handler sees it. */
export async function handlerRequest(
  context: ApplicationContext,
  endpoint: Endpoint,
  exchange: MatchedExchange,
  caller: Caller | undefined,
): Promise<RouteRequest> {
  const { incoming, span, signal } = exchange;
  const params = endpoint.params?.readText(Object.entries(exchange.params)) ?? exchange.params;
  const query = endpoint.query?.readText(readQuery(exchange.search));
  const headers = endpoint.headers?.readText(headerValues(endpoint, exchange));
  const takesBody = endpoint.route.method !== "GET";
  const rawBody = takesBody ? await incoming.readBody(endpoint.bodyBytesMax) : noBytes;
  const body = endpoint.body?.read(parseJsonBody(rawBody, headerText(incoming.headers, "content-type")));
  return {
    method: incoming.method,
    target: incoming.target,
    params,
    query,
    headers,
    body,
    rawBody,
    rawHeaders: incoming.headers,
    remoteAddress: incoming.remoteAddress,
    caller,
    log: context.telemetry.log,
    get signal() {
      return signal();
    },
    span,
  };
}

function readQuery(search: string): readonly (readonly [string, string])[] {
  if (search === "") return [];
  if (/%00/.test(search)) throw problem(400, "the query holds the character U+0000, which no text field takes");
  return [...new URLSearchParams(search)];
}

function headerValues(endpoint: Endpoint, exchange: MatchedExchange): readonly (readonly [string, string])[] {
  const schema = endpoint.headers?.schema;
  const names = schema && "properties" in schema ? Object.keys(Object(schema.properties)) : [];
  return names.flatMap((name) => {
    const value = headerText(exchange.incoming.headers, name.toLowerCase());
    return value === undefined ? [] : [[name, value] as const];
  });
}
