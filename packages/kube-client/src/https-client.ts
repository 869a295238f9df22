import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import type { KubeAnswer, KubeClient, KubeRequest, KubeWatchEvent } from "./kube-client.ts";

export interface HttpsClientOptions {
  readonly server: string;
  readonly certificateAuthority?: string | Buffer;
  readonly token?: string;
  readonly certificate?: string | Buffer;
  readonly key?: string | Buffer;
  readonly userAgent?: string;
  /** Connections for requests; watches have one each besides. */
  readonly connectionsMax?: number;
}

export interface HttpsClient extends KubeClient {
  readonly close: () => void;
}

/** Speaks to an API server over HTTPS. */
export function createHttpsClient(options: HttpsClientOptions): HttpsClient {
  const tls = {
    ...(options.certificateAuthority === undefined ? {} : { ca: options.certificateAuthority }),
    ...(options.certificate === undefined ? {} : { cert: options.certificate }),
    ...(options.key === undefined ? {} : { key: options.key }),
  };
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: options.connectionsMax ?? 16 });
  const watchAgent = new Agent({ ...tls, keepAlive: false });
  const headers = {
    accept: "application/json",
    "user-agent": options.userAgent ?? "fairway",
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
  };
  return {
    request: async (what) => {
      const answer = await send(options.server, agent, headers, what);
      return { status: answer.statusCode ?? 0, body: await readJson(answer) } satisfies KubeAnswer;
    },
    watch: (path, query, signal) => {
      const what: KubeRequest = { method: "GET", path, query: { ...query, watch: "true" }, signal };
      return events(() => send(options.server, watchAgent, headers, what));
    },
    close: () => {
      agent.destroy();
      watchAgent.destroy();
    },
  };
}

function send(
  server: string,
  agent: Agent,
  headers: Readonly<Record<string, string>>,
  what: KubeRequest,
): Promise<IncomingMessage> {
  const url = new URL(what.path, server);
  for (const [name, value] of Object.entries(what.query ?? {})) url.searchParams.set(name, value);
  const body = what.body === undefined ? undefined : Buffer.from(JSON.stringify(what.body));
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      agent,
      method: what.method,
      headers: {
        ...headers,
        ...(body === undefined
          ? {}
          : { "content-type": what.contentType ?? "application/json", "content-length": body.length }),
      },
      ...(what.signal === undefined ? {} : { signal: what.signal }),
    });
    outgoing.on("response", resolve).on("error", reject).end(body);
  });
}

async function readJson(answer: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Proxies and handlers that are not of the API answer in plain text.
    return { kind: "Status", status: "Failure", message: text, code: answer.statusCode };
  }
}

async function* events(open: () => Promise<IncomingMessage>): AsyncIterable<KubeWatchEvent> {
  const answer = await open();
  if (answer.statusCode !== 200) {
    yield { type: "ERROR", object: await readJson(answer) };
    return;
  }
  try {
    for await (const line of createInterface({ input: answer, crlfDelay: Infinity })) {
      if (line !== "") yield JSON.parse(line) as KubeWatchEvent;
    }
  } finally {
    answer.destroy();
  }
}
