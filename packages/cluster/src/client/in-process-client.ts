import type { ApiRequest, ApiResponse, UserInfo } from "../api/api-exchange.ts";
import type { KubeClient, KubeRequest, KubeWatchEvent } from "@fairway/kube-client";

export interface InProcessClientOptions {
  readonly handle: (request: ApiRequest) => Promise<ApiResponse>;
  readonly user: UserInfo;
  readonly userAgent: string;
}

/** Takes the walk of every request, but no socket: for the parts that live in the process of the API server. */
export function createInProcessClient({ handle, user, userAgent }: InProcessClientOptions): KubeClient {
  const toRequest = (what: KubeRequest, signal: AbortSignal): ApiRequest => ({
    method: what.method,
    path: what.path,
    query: new URLSearchParams(what.query),
    headers: {
      accept: "application/json",
      "user-agent": userAgent,
      ...(what.body === undefined ? {} : { "content-type": what.contentType ?? "application/json" }),
    },
    body: async () => Buffer.from(what.body === undefined ? "" : JSON.stringify(what.body)),
    peer: { address: "127.0.0.1", certificate: undefined, trustedUser: user },
    signal,
  });
  return {
    request: async (what) => {
      const response = await handle(toRequest(what, what.signal ?? new AbortController().signal));
      return { status: statusOf(response), body: bodyOf(await bytesOf(response)) };
    },
    watch: (path, query, signal) => {
      const what: KubeRequest = { method: "GET", path, query: { ...query, watch: "true" } };
      return events(() => handle(toRequest(what, signal)));
    },
  };
}

function statusOf(response: ApiResponse): number {
  return response.kind === "upgrade" ? 101 : response.status;
}

async function bytesOf(response: ApiResponse): Promise<Buffer> {
  if (response.kind === "upgrade") return Buffer.alloc(0);
  if (response.kind === "whole") return Buffer.from(response.body);
  const chunks: Buffer[] = [];
  for await (const chunk of response.chunks) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Handlers that are not of the API answer in plain text. */
function bodyOf(bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function* events(open: () => Promise<ApiResponse>): AsyncGenerator<KubeWatchEvent> {
  const response = await open();
  if (response.kind !== "stream") {
    yield { type: "ERROR", object: bodyOf(await bytesOf(response)) };
    return;
  }
  // Chunks are whole lines, as the watch makes them.
  for await (const chunk of response.chunks) {
    for (const line of chunk.toString().split("\n")) if (line !== "") yield JSON.parse(line) as KubeWatchEvent;
  }
}
