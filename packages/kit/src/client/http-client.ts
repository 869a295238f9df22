import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { compile } from "../schema.ts";
import { currentContext } from "../telemetry/request-context.ts";
import { deadlineHeader } from "../http/deadline.ts";
import { formatTraceparent } from "../telemetry/trace-context.ts";
import { HttpClientError } from "./http-client-error.ts";
import { limits } from "../limits.ts";
import { retryPause, withRetries } from "./retry.ts";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Check, Static, TSchema } from "../schema.ts";
import type { Span } from "../telemetry/tracer.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface HttpClientOptions {
  /** Who is called, for metrics, spans and messages. */
  readonly name: string;
  readonly baseUrl: string;
  /** For the whole call, retries included; a request that is being served may leave less. */
  readonly timeoutMs?: number;
  /** Further attempts for calls that may be repeated: GET, PUT, DELETE, and POST with an idempotency key. */
  readonly retries?: number;
  readonly telemetry?: Telemetry;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CallOptions<S extends TSchema | undefined = undefined> {
  readonly body?: unknown;
  /** Sent as they are, in place of a JSON body. */
  readonly rawBody?: Uint8Array;
  /** What a good answer looks like; another one is an error. */
  readonly schema?: S;
  readonly idempotencyKey?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Statuses that are answers and not errors, beside 2xx. */
  readonly expect?: readonly number[];
}

export interface ClientReply<T> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: T;
  readonly bytes: Uint8Array;
}

type Answer<S extends TSchema | undefined> = S extends TSchema ? Static<S> : unknown;

export interface HttpClient {
  request<S extends TSchema | undefined = undefined>(
    method: string,
    path: string,
    options?: CallOptions<S>,
  ): Promise<ClientReply<Answer<S>>>;
  get<S extends TSchema | undefined = undefined>(
    path: string,
    options?: CallOptions<S>,
  ): Promise<ClientReply<Answer<S>>>;
  post<S extends TSchema | undefined = undefined>(
    path: string,
    options?: CallOptions<S>,
  ): Promise<ClientReply<Answer<S>>>;
  close(): void;
}

const repeatable = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/** Calls another service: within the time that the caller has left, in its trace, repeated only where that is safe. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const base = new URL(options.baseUrl);
  const secure = base.protocol === "https:";
  const agentOptions = {
    keepAlive: true,
    maxSockets: limits.clientSocketsMax,
    timeout: limits.clientIdleSocketMs,
  };
  const agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const transport: Transport = { options, base, agent, send: secure ? httpsRequest : httpRequest };
  const request: HttpClient["request"] = async (method, path, call) => {
    const reply = await callWithRetries(transport, { method, path, options: call ?? {} });
    // Checked against the schema that gives it its type.
    return reply as never;
  };
  return {
    request,
    get: (path, call) => request("GET", path, call),
    post: (path, call) => request("POST", path, call),
    close: () => agent.destroy(),
  };
}

interface Transport {
  readonly options: HttpClientOptions;
  readonly base: URL;
  readonly agent: HttpAgent;
  readonly send: typeof httpRequest;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly options: CallOptions<TSchema | undefined>;
}

async function callWithRetries(transport: Transport, call: Call): Promise<ClientReply<unknown>> {
  const { name, timeoutMs = limits.clientTimeoutMs, retries = 2 } = transport.options;
  const context = currentContext();
  const deadline = Math.min(
    performance.now() + (call.options.timeoutMs ?? timeoutMs),
    context?.deadline ?? Number.POSITIVE_INFINITY,
  );
  const mayRepeat = repeatable.has(call.method) || call.options.idempotencyKey !== undefined;
  const attempts = mayRepeat ? Math.min(retries, limits.clientRetriesMax) + 1 : 1;
  return withRetries({ attempts, deadline, signal: call.options.signal }, (attempt) =>
    attemptOnce(transport, call, { deadline, attempt, name }),
  );
}

interface Attempt {
  readonly deadline: number;
  readonly attempt: number;
  readonly name: string;
}

async function attemptOnce(transport: Transport, call: Call, attempt: Attempt): Promise<ClientReply<unknown>> {
  const { telemetry } = transport.options;
  const started = performance.now();
  const span = telemetry?.tracer.startSpan(
    `${call.method} ${attempt.name}`,
    {
      "http.request.method": call.method,
      "server.address": transport.base.host,
      "url.path": call.path,
      ...(attempt.attempt > 1 ? { "http.request.resend_count": attempt.attempt - 1 } : {}),
    },
    { kind: "client" },
  );
  let status = "error";
  try {
    const reply = await exchange(transport, call, attempt, span);
    status = String(reply.status);
    span?.set({ "http.response.status_code": reply.status });
    return judged(reply, call, attempt.name);
  } catch (error) {
    span?.fail(error);
    throw error;
  } finally {
    span?.end();
    telemetry?.metrics
      .histogram({
        name: "http_client_request_duration_seconds",
        help: "Time of calls to other services, each attempt by itself.",
        labels: ["target", "method", "status"],
      })
      .observe((performance.now() - started) / 1_000, { target: attempt.name, method: call.method, status });
  }
}

function judged(reply: ClientReply<unknown>, call: Call, name: string): ClientReply<unknown> {
  const good = (reply.status >= 200 && reply.status < 300) || call.options.expect?.includes(reply.status) === true;
  const what = `${call.method} ${call.path} of ${name}`;
  if (!good) {
    throw new HttpClientError("bad_status", `${what} answered ${reply.status}`, {
      reply,
      pauseMs: retryPause(reply.headers["retry-after"]),
    });
  }
  const { schema } = call.options;
  if (!schema || reply.status >= 300 || checkOf(schema).matches(reply.body)) return reply;
  const problems = JSON.stringify(checkOf(schema).problems(reply.body));
  throw new HttpClientError("bad_answer", `${what} answered something else than agreed: ${problems}`, { reply });
}

const checks = new WeakMap<TSchema, Check<unknown>>();

function checkOf(schema: TSchema): Check<unknown> {
  const known = checks.get(schema);
  if (known) return known;
  const check = compile(schema);
  checks.set(schema, check);
  return check;
}

function exchange(
  transport: Transport,
  call: Call,
  attempt: Attempt,
  span: Span | undefined,
): Promise<ClientReply<unknown>> {
  const { promise, resolve, reject } = Promise.withResolvers<ClientReply<unknown>>();
  const remainingMs = Math.floor(attempt.deadline - performance.now());
  const what = `${call.method} ${call.path} of ${attempt.name}`;
  if (remainingMs <= 0) {
    reject(new HttpClientError("timeout", `there was no time left for ${what}`, {}));
    return promise;
  }
  const body =
    call.options.rawBody ?? (call.options.body === undefined ? undefined : JSON.stringify(call.options.body));
  const url = new URL(`${transport.base.pathname.replace(/\/$/, "")}${call.path}`, transport.base);
  const signals = [AbortSignal.timeout(remainingMs), ...(call.options.signal ? [call.options.signal] : [])];
  const signal = AbortSignal.any(signals);
  const headers = requestHeaders(transport, call, span, { remainingMs, body });
  const request = transport.send(url, { method: call.method, agent: transport.agent, headers, signal }, (response) => {
    readReply(response, what).then(resolve, reject);
  });
  request.on("error", (error) => reject(networkError(what, error, call.options.signal?.aborted === true)));
  request.end(body);
  return promise;
}

interface Sending {
  readonly remainingMs: number;
  readonly body: string | Uint8Array | undefined;
}

function requestHeaders(
  transport: Transport,
  call: Call,
  span: Span | undefined,
  sending: Sending,
): Record<string, string> {
  const context = span?.context ?? currentContext()?.span.context;
  const { token, idempotencyKey } = call.options;
  const { body } = sending;
  return {
    accept: "application/json",
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
    [deadlineHeader]: String(sending.remainingMs),
    ...(context ? { traceparent: formatTraceparent(context) } : {}),
    ...(context?.state === undefined ? {} : { tracestate: context.state }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    ...transport.options.headers,
    ...call.options.headers,
  };
}

function networkError(what: string, error: Error, cancelled: boolean): HttpClientError {
  if (cancelled) return new HttpClientError("cancelled", `${what} was cancelled`, { cause: error });
  const late = error.name === "AbortError" || error.name === "TimeoutError";
  if (late) return new HttpClientError("timeout", `${what} took too long`, { cause: error });
  return new HttpClientError("unreachable", `${what} could not be reached: ${error.message}`, { cause: error });
}

async function readReply(response: IncomingMessage, what: string): Promise<ClientReply<unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      size += chunk.length;
      if (size > limits.clientResponseBytesMax) {
        response.destroy();
        throw new HttpClientError(
          "bad_answer",
          `${what} answered more than ${limits.clientResponseBytesMax} bytes`,
          {},
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpClientError) throw error;
    throw networkError(what, error instanceof Error ? error : new Error(String(error)), false);
  }
  const bytes = Buffer.concat(chunks);
  const status = response.statusCode ?? 0;
  return { status, headers: response.headers, bytes, body: parsed(bytes, response.headers["content-type"], what) };
}

function parsed(bytes: Buffer, contentType: string | undefined, what: string): unknown {
  if (bytes.length === 0) return undefined;
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(contentType ?? "")) return bytes.toString("utf8");
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new HttpClientError("bad_answer", `${what} announced JSON and sent something else`, { cause: error });
  }
}
