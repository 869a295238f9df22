import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { connectionError } from "./connection-error.ts";
import { linesOf } from "./json-lines.ts";
import type { KubeAnswer, KubeWatchEvent, StreamingKubeClient } from "./kube-client.ts";
import { KubeError, failureOf } from "./kube-error.ts";
import { answerBytesMax, eventBytesMax, silenceMsMax } from "./limits.ts";
import { Transport } from "./transport.ts";
import type { CredentialSource, TransportOptions } from "./transport.ts";

export interface HttpsClientOptions extends Omit<TransportOptions, "credentials"> {
  readonly token?: string;
  readonly certificate?: string | Buffer;
  readonly key?: string | Buffer;
  /** Instead of the three above, where credentials change with time. */
  readonly credentials?: CredentialSource;
}

export interface WebSocketRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
  readonly signal?: AbortSignal;
}

export interface HttpsClient extends StreamingKubeClient {
  /** An open WebSocket that is paused until its messages are listened to; what the server answered instead is an error. */
  readonly webSocket: (request: WebSocketRequest) => Promise<WebSocket>;
  readonly close: () => void;
}

/** Speaks to an API server over HTTPS; over HTTP as well, but then without saying who asks. */
export function createHttpsClient(options: HttpsClientOptions): HttpsClient {
  const { token, certificate, key } = options;
  const fixed = {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
  const credentials = options.credentials ?? { get: async () => fixed, forget: () => undefined };
  const transport = new Transport({ ...options, credentials });
  return {
    request: async (what) => {
      const answer = await transport.send(what, "requests");
      const seconds = retryAfter(answer);
      const warnings = warningsOf(answer);
      return {
        status: answer.statusCode ?? 0,
        body: await readJson(answer),
        ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
        ...(warnings.length === 0 ? {} : { warnings }),
      } satisfies KubeAnswer;
    },
    watch: (path, query, signal) =>
      events(() => transport.send({ method: "GET", path, query: { ...query, watch: "true" }, signal }, "streams")),
    stream: async (what) => {
      const answer = await transport.send(what, "streams");
      if (answer.statusCode === 200) return { status: 200, bytes: bytesOf(answer) };
      return { status: answer.statusCode ?? 0, body: await readJson(answer) };
    },
    webSocket: (what) => openWebSocket(transport, what),
    close: () => transport.close(),
  };
}

function retryAfter(answer: IncomingMessage): number | undefined {
  const seconds = Number(answer.headers["retry-after"] ?? "");
  return answer.headers["retry-after"] === undefined || Number.isNaN(seconds) ? undefined : seconds;
}

/** `299 - "text"`, with quotes inside of it escaped. */
function warningsOf(answer: IncomingMessage): readonly string[] {
  const headers = answer.headersDistinct["warning"] ?? [];
  return headers.flatMap((header) =>
    [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/gu)].map(([, text = ""]) => text.replaceAll(/\\(.)/gu, "$1")),
  );
}

async function* bytesOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer) yield chunk as Buffer;
  } catch (error) {
    throw connectionError("the answer broke off", error);
  } finally {
    answer.destroy();
  }
}

async function readJson(answer: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytesOf(answer)) {
    length += chunk.length;
    if (length > answerBytesMax) {
      throw new KubeError("protocol", `the answer is longer than ${answerBytesMax} bytes: ask for it in pages`);
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks, length).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Proxies and handlers that are not of the API answer in plain text.
    return { kind: "Status", status: "Failure", message: text, code: answer.statusCode };
  }
}

async function* events(open: () => Promise<IncomingMessage>): AsyncGenerator<KubeWatchEvent> {
  const answer = await open();
  if (answer.statusCode !== 200) {
    yield { type: "ERROR", object: await readJson(answer) };
    return;
  }
  for await (const line of linesOf(bytesOf(answer), eventBytesMax)) {
    if (line.trim() !== "") yield parseEvent(line);
  }
}

function parseEvent(line: string): KubeWatchEvent {
  try {
    return JSON.parse(line) as KubeWatchEvent;
  } catch (error) {
    throw new KubeError("protocol", "the watch broke off in the middle of an event", { cause: error });
  }
}

async function openWebSocket(transport: Transport, what: WebSocketRequest): Promise<WebSocket> {
  const { url, headers, agent, isSecure } = await transport.route(what.path, what.query);
  const name = `GET ${url.origin}${what.path}`;
  url.protocol = isSecure ? "wss:" : "ws:";
  what.signal?.throwIfAborted();
  const socket = new WebSocket(url, [...what.protocols], {
    agent,
    // What comes is no representation of anything, and the API server says so when it is asked for one.
    headers: { ...headers, accept: "*/*" },
    handshakeTimeout: silenceMsMax,
    perMessageDeflate: false,
    maxPayload: eventBytesMax,
  });
  const end = (): void => socket.terminate();
  what.signal?.addEventListener("abort", end, { once: true });
  socket.once("close", () => what.signal?.removeEventListener("abort", end));
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      // The first messages may be here already, and whoever gets the socket listens only a moment later.
      socket.pause();
      resolve(socket);
    });
    socket.on("error", (error) =>
      reject(what.signal?.aborted === true ? abortError(what.signal) : connectionError(name, error)),
    );
    socket.once("unexpected-response", (_request, answer: IncomingMessage) => {
      const request = { method: "GET", path: what.path } as const;
      void readJson(answer)
        .then((body) => reject(failureOf(request, { status: answer.statusCode ?? 0, body })), reject)
        .finally(end);
    });
  });
}

function abortError(signal: AbortSignal): unknown {
  return signal.reason instanceof Error ? signal.reason : new Error("ended");
}
