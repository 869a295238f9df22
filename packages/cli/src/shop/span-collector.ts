import { createServer } from "node:http";
import { shopLimits } from "./limits.ts";
import { spansOf } from "./otlp-spans.ts";
import type { CollectedSpan } from "./otlp-spans.ts";
import type { AddressInfo } from "node:net";
import type { IncomingMessage } from "node:http";

export interface SpanCollector {
  readonly url: string;
  close(): Promise<void>;
}

/** Takes spans as OTLP over HTTP in JSON (`POST /v1/traces`), and gives them back by trace (`GET /traces/ID`). */
export async function startSpanCollector(): Promise<SpanCollector> {
  const traces = new Map<string, CollectedSpan[]>();
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const path = request.url ?? "/";
    if (request.method === "POST" && path === "/v1/traces") {
      take(request, traces).then(
        () => answer(200, {}),
        () => answer(400, { message: "this is no OTLP in JSON, or too much of it" }),
      );
      return;
    }
    const id = /^\/traces\/([0-9a-f]{32})$/.exec(path)?.[1];
    if (request.method === "GET" && id !== undefined) answer(200, { spans: traces.get(id) ?? [] });
    else answer(404, { message: "POST /v1/traces and GET /traces/ID are known here" });
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function take(request: IncomingMessage, traces: Map<string, CollectedSpan[]>): Promise<void> {
  keep(traces, spansOf(await readJson(request)));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > shopLimits.collectorBodyBytesMax) throw new RangeError("the body is too large");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function keep(traces: Map<string, CollectedSpan[]>, spans: readonly CollectedSpan[]): void {
  for (const span of spans) {
    const known = traces.get(span.traceId);
    if (!known) traces.set(span.traceId, [span]);
    else if (known.length < shopLimits.spansPerTraceMax) known.push(span);
  }
  for (const id of traces.keys()) {
    if (traces.size <= shopLimits.tracesMax) return;
    traces.delete(id);
  }
}
