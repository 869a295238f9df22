// A proxy that is wrong on purpose: it stands before an API server and changes one answer, as a fault says.
import { createServer, request as forward } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WireMessage } from "./fault.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { selfSigned } from "./self-signed.ts";

export interface WrongProxy {
  /** The server behind the proxy, reached through it. */
  readonly access: ClusterAccess;
  /** Gives what the client gets for what the server said: for a whole answer, or for one event of a watch. */
  change: (message: WireMessage, kind: MessageKind) => WireMessage;
  close(): Promise<void>;
}

export type MessageKind = "answer" | "event";

export async function startWrongProxy(access: ClusterAccess): Promise<WrongProxy> {
  const { certificate, key } = selfSigned();
  const server = createServer({ cert: certificate, key }, (question, answer) => {
    relay(proxy, access, { question, answer }).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const proxy: WrongProxy = {
    access: { ...access, server: `https://127.0.0.1:${port}`, ca: certificate },
    change: (message) => message,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

interface Exchange {
  readonly question: IncomingMessage;
  readonly answer: ServerResponse;
}

async function relay(proxy: WrongProxy, access: ClusterAccess, { question, answer }: Exchange): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { ca, certificate: cert, key } = access;
  const headers = { ...question.headers, host: new URL(access.server).host };
  const options = { method: question.method, headers, ...(ca && { ca }), ...(cert && key && { cert, key }) };
  const sent = forward(new URL(question.url ?? "/", access.server), options, resolve);
  sent.on("error", reject);
  answer.on("close", () => sent.destroy());
  question.pipe(sent);
  const given = await promise;
  const head = { status: given.statusCode ?? 502, headers: flat(given) };
  // A watch without a time limit is read while it goes on; one that ends by itself is an answer like any other.
  const isStream = /[?&]watch=(?:1|true)/u.test(question.url ?? "") && !question.url?.includes("timeoutSeconds");
  if (isStream && head.status === 200) await relayEvents(proxy, { given, answer }, head);
  else reply(answer, proxy.change({ ...head, body: await wholeBody(given) }, "answer"));
}

async function wholeBody(given: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of given as AsyncIterable<Buffer>) chunks.push(chunk);
  return latin1(Buffer.concat(chunks));
}

async function relayEvents(
  proxy: WrongProxy,
  { given, answer }: { readonly given: IncomingMessage; readonly answer: ServerResponse },
  head: Omit<WireMessage, "body">,
): Promise<void> {
  writeHead(answer, head);
  answer.flushHeaders();
  let partial = "";
  for await (const chunk of given as AsyncIterable<Buffer>) {
    const lines = (partial + latin1(chunk)).split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) answer.write(proxy.change({ ...head, body: `${line}\n` }, "event").body, "latin1");
  }
  answer.end();
}

function flat(answer: IncomingMessage): Record<string, string> {
  const framing = new Set(["connection", "content-length", "transfer-encoding", "keep-alive"]);
  const entries = Object.entries(answer.headersDistinct).filter(([name]) => !framing.has(name));
  return Object.fromEntries(entries.map(([name, values]) => [name, (values ?? []).join("\n")]));
}

/** Bytes as characters and back, so that what is no text passes as well. */
function latin1(chunk: Buffer): string {
  return chunk.toString("latin1");
}

function reply(answer: ServerResponse, message: WireMessage): void {
  writeHead(answer, message);
  answer.end(Buffer.from(message.body, "latin1"));
}

function writeHead(answer: ServerResponse, { status, headers }: Omit<WireMessage, "body">): void {
  for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value.split("\n"));
  answer.statusCode = status;
}
