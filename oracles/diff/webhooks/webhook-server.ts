// The webhooks of a scenario: an HTTPS server on loopback with a path for each. What they answer stands in the scenario.
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { decode } from "@fairway/yaml";
import { OracleError } from "../../machine/oracle-error.ts";
import { webhookCallsMax } from "../limits.ts";
import { selfSigned } from "../self-signed.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * What a webhook answers, in YAML. An admission review gets `allowed: true` and what else stands here, with `patch` as a
 * JSON patch; with `convert` it answers conversions, giving each object these fields more. `status: 503` is plain HTTP,
 * `hang: true` no answer, `text: x` a body that is no review.
 */
export type Behaviour = JsonMap;

interface Webhook {
  readonly behaviour: Behaviour;
  calls: unknown[];
}

export class WebhookServer {
  /** `https://127.0.0.1:PORT`, for clientConfig.url. */
  readonly url: string;
  /** For clientConfig.caBundle, in base64. */
  readonly authority: string;
  readonly #webhooks: Map<string, Webhook>;
  readonly #close: () => Promise<void>;

  private constructor(
    at: { url: string; authority: string },
    webhooks: Map<string, Webhook>,
    close: () => Promise<void>,
  ) {
    this.url = at.url;
    this.authority = at.authority;
    this.#webhooks = webhooks;
    this.#close = close;
  }

  static async start(): Promise<WebhookServer> {
    const { certificate, key } = selfSigned();
    const webhooks = new Map<string, Webhook>();
    const server = createServer({ cert: certificate, key }, (request, response) => {
      answer(webhooks, request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const at = { url: `https://127.0.0.1:${port}`, authority: Buffer.from(certificate).toString("base64") };
    return new WebhookServer(at, webhooks, async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
  }

  /** From here on; what was called before is forgotten. */
  define(name: string, behaviour: string): void {
    const read: unknown = behaviour.trim() === "" ? {} : decode(behaviour);
    if (!isMap(read)) throw new OracleError("bad-input", `the webhook ${name} needs a map of what it answers`);
    this.#webhooks.set(name, { behaviour: read, calls: [] });
  }

  /** What the webhook was asked since the last time. */
  takeCalls(name: string): readonly unknown[] {
    const webhook = this.#webhooks.get(name);
    if (webhook === undefined) throw new OracleError("bad-input", `there is no webhook ${name}`);
    const { calls } = webhook;
    webhook.calls = [];
    return calls;
  }

  async close(): Promise<void> {
    await this.#close();
  }
}

async function answer(
  webhooks: ReadonlyMap<string, Webhook>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(request.url ?? "/", "https://localhost");
  const webhook = webhooks.get(url.pathname.slice(1));
  if (webhook === undefined) {
    response.writeHead(404).end();
    return;
  }
  const review: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (webhook.calls.length < webhookCallsMax) webhook.calls.push({ query: url.search, review });
  const { hang, status, text, ...behaviour } = webhook.behaviour;
  if (hang === true) return;
  if (typeof status === "number" || typeof text === "string") {
    const code = typeof status === "number" ? status : 200;
    response.writeHead(code, { "content-type": "text/plain" }).end(typeof text === "string" ? text : "");
    return;
  }
  const body =
    behaviour["convert"] === undefined ? admission(webhook.behaviour, review) : conversion(behaviour, review);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function admission({ patch, ...others }: Behaviour, review: unknown): object {
  const patched = patch === undefined ? {} : { patchType: "JSONPatch", patch: base64(JSON.stringify(patch)) };
  const uid = field(field(review, "request"), "uid");
  const response = { uid, allowed: true, ...patched, ...others };
  return { apiVersion: field(review, "apiVersion"), kind: "AdmissionReview", response };
}

/** Gives each object the version that was asked for. */
function conversion({ convert, failure }: Behaviour, review: unknown): object {
  const request = field(review, "request");
  const objects = field(request, "objects");
  const convertedObjects = (Array.isArray(objects) ? objects : []).map((object: unknown) => ({
    ...(isMap(object) ? object : {}),
    ...(isMap(convert) ? convert : {}),
    apiVersion: field(request, "desiredAPIVersion"),
  }));
  const result = failure === undefined ? { status: "Success" } : { status: "Failure", message: failure };
  const response = { uid: field(request, "uid"), convertedObjects, result };
  return { apiVersion: "apiextensions.k8s.io/v1", kind: "ConversionReview", response };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function field(value: unknown, name: string): unknown {
  return isMap(value) ? value[name] : undefined;
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
