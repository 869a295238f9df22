import { createServer } from "node:http";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { ContractError } from "./contract-error.ts";
import { edgeName } from "./edge.ts";
import { engine } from "./engine.ts";
import type { Edge, Handler } from "./edge.ts";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

export interface Provider {
  readonly name: string;
  /** Files of contracts, as `pactsWith` finds them. */
  readonly pacts: readonly string[];
  /** Answers requests; examples of tokens in them are replaced by good ones before. */
  readonly handle?: Handler;
  readonly prepare?: (request: Request) => Request | Promise<Request>;
  /** Makes true what a contract takes as given. */
  readonly states?: Readonly<Record<string, () => Promise<void>>>;
  /** Makes an event of a type happen, and gives what was published. */
  readonly events?: Readonly<Record<string, () => Promise<{ readonly type: string; readonly data?: unknown }>>>;
}

/** Holds a service against what its consumers rely on. Throws for the first edge that is broken. */
export async function verifyProvider(provider: Provider): Promise<void> {
  const failures: string[] = [];
  const server = createServer((request, response) => {
    answer(provider, request)
      // No 5xx: the engine would try again for minutes.
      .catch((error: unknown) => {
        failures.push(reasonOf(error));
        return new Response(reasonOf(error), { status: 400 });
      })
      .then((made) => send(response, made))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const url = await listen(server);
  try {
    for (const pact of provider.pacts) await verifyOne({ provider, path: pact, url, failures });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const statesPath = "/-/states";
const messagesPath = "/-/messages";

interface Verification {
  readonly provider: Provider;
  readonly path: string;
  readonly url: string;
  /** What the provider's tests could not do. */
  readonly failures: readonly string[];
}

async function verifyOne({ provider, path, url, failures }: Verification): Promise<void> {
  const { Verifier } = engine();
  const verifier = new Verifier({
    provider: provider.name,
    providerBaseUrl: url,
    pactUrls: [path],
    providerStatesSetupUrl: `${url}${statesPath}`,
    providerStatesSetupBody: true,
    transports: [{ protocol: "message", scheme: "http", port: Number(new URL(url).port), path: messagesPath }],
    logLevel: "error",
  });
  try {
    await verifier.verify();
  } catch (error) {
    throw new ContractError(
      "not-kept-by-provider",
      edgeName(edgeOf(path)),
      [...failures, ...mismatchesOf(reasonOf(error))].join("\n"),
    );
  }
}

function edgeOf(path: string): Edge {
  const pact: { consumer: { name: string }; provider: { name: string } } = JSON.parse(readFileSync(path, "utf8"));
  return { consumer: pact.consumer.name, provider: pact.provider.name };
}

/** The engine reports in JSON; what a person needs are the places that differ. */
function mismatchesOf(report: string): readonly string[] {
  try {
    const found: string[] = [];
    JSON.parse(report, (name, value: unknown) => {
      if ((name === "mismatch" || name === "interactionDescription") && typeof value === "string") found.push(value);
      return value;
    });
    return found.length > 0 ? [...new Set(found)] : [report];
  } catch {
    // It could not even begin.
    return [report];
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function answer(provider: Provider, incoming: IncomingMessage): Promise<Response> {
  const body = await buffer(incoming);
  if (incoming.url === statesPath) return arrange(provider, JSON.parse(body.toString("utf8")));
  if (incoming.url === messagesPath) return publish(provider, JSON.parse(body.toString("utf8")));
  if (!provider.handle) throw new Error(`${provider.name} answers no requests in this test`);
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const request = new Request(`http://provider${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers,
    ...(body.length > 0 ? { body } : {}),
  });
  return provider.handle((await provider.prepare?.(request)) ?? request);
}

async function arrange({ states = {}, name }: Provider, asked: { state: string; action: string }): Promise<Response> {
  if (asked.action === "teardown" || asked.state === "") return Response.json({});
  const make = states[asked.state];
  if (!make) throw new Error(`the tests of ${name} can't make it so that there is "${asked.state}"`);
  await make();
  return Response.json({});
}

async function publish({ events = {}, name }: Provider, asked: { description: string }): Promise<Response> {
  const make = events[asked.description];
  if (!make) throw new Error(`the tests of ${name} can't make the event ${asked.description} happen`);
  const { type, data } = await make();
  return Response.json({ type, data });
}

async function send(response: ServerResponse, made: Response): Promise<void> {
  response.writeHead(made.status, Object.fromEntries(made.headers));
  response.end(Buffer.from(await made.arrayBuffer()));
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server has no address");
  return `http://127.0.0.1:${address.port}`;
}
