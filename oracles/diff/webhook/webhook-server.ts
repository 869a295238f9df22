// The webhooks of scenarios: one HTTPS server on loopback, a path for each webhook of each scenario.
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { decode } from "@fairway/yaml";
import { field, isObject, parseJson, textField } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { webhookCallsMax } from "../run/limits.ts";
import { selfSigned } from "./self-signed.ts";

export interface WebhookServer {
  readonly port: number;
  /** For a webhook's caBundle. */
  readonly authority: string;
  define(path: string, behaviour: string): void;
  /** What was asked of it so far, without what varies by the server's inner workings. */
  callsOf(path: string): readonly Json[];
  close(): Promise<void>;
}

interface Webhook {
  readonly behaviour: JsonObject;
  readonly calls: Json[];
}

export async function startWebhookServer(): Promise<WebhookServer> {
  const credentials = selfSigned();
  const webhooks = new Map<string, Webhook>();
  const server = createServer({ cert: credentials.certificate, key: credentials.key }, (request, response) => {
    answer(webhooks, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    authority: credentials.certificate,
    define: (path, behaviour) => {
      const read: unknown = decode(behaviour);
      webhooks.set(path, { behaviour: isObject(read) ? read : {}, calls: [] });
    },
    callsOf: (path) => webhooks.get(path)?.calls ?? [],
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  webhooks: Map<string, Webhook>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(request.url ?? "/", "https://localhost");
  const webhook = webhooks.get(url.pathname);
  if (webhook === undefined) {
    response.writeHead(404).end();
    return;
  }
  const review = parseJson(Buffer.concat(chunks).toString("utf8")) ?? null;
  if (webhook.calls.length < webhookCallsMax) webhook.calls.push({ query: withoutTimeout(url), review });
  const { behaviour } = webhook;
  if (behaviour["hang"] === true) return;
  const status = behaviour["status"];
  if (typeof status === "number") {
    response.writeHead(status).end(textField(behaviour, "text") ?? "");
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify(behaviour["convert"] === undefined ? admission(behaviour, review) : conversion(behaviour, review)),
  );
}

/** The server adds its own time limit to the query. */
function withoutTimeout(url: URL): string {
  return url.searchParams.has("timeout") ? `timeout=${url.searchParams.get("timeout")}` : "";
}

function admission(behaviour: JsonObject, review: Json): JsonObject {
  const { patch, ...rest } = behaviour;
  const patched =
    patch === undefined ? {} : { patchType: "JSONPatch", patch: Buffer.from(JSON.stringify(patch)).toString("base64") };
  const uid = field(field(review, "request"), "uid") ?? "";
  const version = field(review, "apiVersion") ?? "admission.k8s.io/v1";
  return { apiVersion: version, kind: "AdmissionReview", response: { uid, allowed: true, ...patched, ...rest } };
}

/** Gives each object the version asked for; `convert` names fields that every object gets. */
function conversion(behaviour: JsonObject, review: Json): JsonObject {
  const request = field(review, "request");
  const wanted = field(request, "desiredAPIVersion") ?? "";
  const objects = field(request, "objects");
  const extra = behaviour["convert"];
  const converted = (Array.isArray(objects) ? (objects as Json[]) : []).map((object) =>
    isObject(object) ? { ...object, ...(isObject(extra) ? extra : {}), apiVersion: wanted } : object,
  );
  const failure = textField(behaviour, "failure");
  const result = failure === undefined ? { status: "Success" } : { status: "Failure", message: failure };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "ConversionReview",
    response: { uid: field(request, "uid") ?? "", convertedObjects: converted, result },
  };
}
