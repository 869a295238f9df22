import type { IncomingMessage } from "node:http";

/** Headers as Node.js takes them raw: name, value, name, value. */
export type RawHeaders = string[];

/** Of one connection, never of the next (RFC 9110, 7.6.1). */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/** Said by this proxy alone: who asks could claim anything. */
const own: ReadonlySet<string> = new Set([
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
  "x-request-id",
]);

/** What a message says about its end can't be declared to be of one connection. */
const framing: ReadonlySet<string> = new Set(["content-length", "host"]);

export interface ForwardedBy {
  readonly address: string;
  readonly port: number;
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly requestId: string;
}

/** The headers of a request on its way to a pod. */
export function requestHeaders(request: IncomingMessage, by: ForwardedBy): RawHeaders {
  const { rawHeaders, headers } = request;
  const dropped = namedByConnection(headers.connection);
  const passed: RawHeaders = ["Host", by.host];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const key = name.toLowerCase();
    if (key === "host" || hopByHop.has(key) || own.has(key) || dropped?.has(key) === true) continue;
    passed.push(name, rawHeaders[index + 1] ?? "");
  }
  passed.push("X-Forwarded-For", by.address, "X-Forwarded-Host", by.host, "X-Forwarded-Port", String(by.port));
  passed.push("X-Forwarded-Proto", by.scheme, "X-Real-IP", by.address, "X-Request-Id", by.requestId);
  if (/\btrailers\b/iu.test(String(headers.te ?? ""))) passed.push("TE", "trailers");
  return passed;
}

/** The headers of an answer on its way back. */
export function responseHeaders(answer: IncomingMessage): RawHeaders {
  const { rawHeaders, headers } = answer;
  const dropped = namedByConnection(headers.connection);
  const passed: RawHeaders = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const key = name.toLowerCase();
    if (hopByHop.has(key) || dropped?.has(key) === true) continue;
    passed.push(name, rawHeaders[index + 1] ?? "");
  }
  return passed;
}

function namedByConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || /^(?:keep-alive|close)$/iu.test(connection)) return undefined;
  const names = connection.split(",").map((each) => each.trim().toLowerCase());
  return new Set(names.filter((each) => !framing.has(each)));
}

/** An id that somebody gave is kept when it is one, so that a request can be followed from its beginning. */
export function isRequestId(text: string | undefined): text is string {
  return text !== undefined && /^[\w.:/+=-]{8,128}$/u.test(text);
}
