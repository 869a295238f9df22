import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";

export interface Seen {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What the server says; undefined means that it never answers, a function writes by itself. */
export type Respond = (seen: Seen) => Answer | ((response: ServerResponse) => void) | undefined;

export interface LoopbackServer {
  readonly origin: string;
  readonly host: string;
  readonly seen: Seen[];
  /** Closes it before the test ends: nobody is there any more. */
  readonly close: () => Promise<void>;
}

export async function serve(t: TestContext, respond: Respond): Promise<LoopbackServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const asked = { path: request.url ?? "", headers: request.headers };
    seen.push(asked);
    const answer = respond(asked);
    if (typeof answer === "function") answer(response);
    else if (answer) response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  t.after(close);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, seen, close };
}
