// Requests as they are written, over HTTP/1.1, with nothing added that the scenario doesn't ask for.
import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { DiffError } from "../diff-error.ts";
import { answerBytesMax, answerTimeoutMs } from "../run/limits.ts";
import type { ClusterAccess } from "./access.ts";

export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly anonymous?: boolean;
  /** Instead of the kubeconfig's own credentials. */
  readonly token?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RawStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: AsyncIterable<Buffer>;
  readonly close: () => void;
}

export interface HttpClient {
  readonly server: string;
  send(request: OutgoingRequest): Promise<RawAnswer>;
  /** The answer as it comes: for a watch. */
  open(request: OutgoingRequest): Promise<RawStream>;
  close(): void;
}

export function connectTo(access: ClusterAccess): HttpClient {
  const tls = {
    keepAlive: true,
    rejectUnauthorized: !access.insecure,
    ...(access.authority === undefined ? {} : { ca: access.authority }),
  };
  const certificate =
    access.certificate === undefined || access.key === undefined ? {} : { cert: access.certificate, key: access.key };
  const own = new Agent({ ...tls, ...certificate });
  const bare = new Agent(tls);
  const start = async (outgoing: OutgoingRequest): Promise<IncomingMessage> => {
    const plain = outgoing.anonymous === true || outgoing.token !== undefined;
    const token = outgoing.token ?? (plain ? undefined : access.token);
    return begin(`${access.server}${outgoing.path}`, outgoing, { agent: plain ? bare : own, token });
  };
  return {
    server: access.server,
    send: async (outgoing) => readWhole(await start(outgoing), outgoing.path),
    open: async (outgoing) => {
      const answer = await start(outgoing);
      return { ...headOf(answer), chunks: answer, close: () => answer.destroy() };
    },
    close: () => {
      own.destroy();
      bare.destroy();
    },
  };
}

async function begin(
  url: string,
  outgoing: OutgoingRequest,
  how: { readonly agent: Agent; readonly token: string | undefined },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(url, { method: outgoing.method, agent: how.agent, timeout: answerTimeoutMs }, resolve);
  if (how.token !== undefined) sent.setHeader("Authorization", `Bearer ${how.token}`);
  const grouped = Map.groupBy(outgoing.headers, ([name]) => name.toLowerCase());
  for (const [name, pairs] of grouped)
    sent.setHeader(
      name,
      pairs.map(([, value]) => value),
    );
  if (!grouped.has("accept")) sent.setHeader("Accept", "application/json");
  sent.on("timeout", () =>
    sent.destroy(new DiffError("no-answer", `${outgoing.path}: silent for ${answerTimeoutMs / 1000} s`)),
  );
  sent.on("error", (cause) => {
    reject(new DiffError("no-answer", `${outgoing.method} ${outgoing.path}: ${cause.message}`, { cause }));
  });
  sent.end(outgoing.body);
  return promise;
}

async function readWhole(answer: IncomingMessage, path: string): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > answerBytesMax)
      throw new DiffError("no-answer", `the answer to ${path} is longer than ${answerBytesMax}`);
  }
  return { ...headOf(answer), body: Buffer.concat(chunks) };
}

/** Several headers of one name are joined by a line break: their order is part of the answer. */
function headOf(answer: IncomingMessage): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (values !== undefined) headers[name] = values.join("\n");
  }
  return { status: answer.statusCode ?? 0, headers };
}
