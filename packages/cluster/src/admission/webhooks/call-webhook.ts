import { request } from "node:https";
import { decode } from "@fairway/yaml";
import type { ClientConfig } from "./webhook-objects.ts";
import { answerBytesMax as reviewBytesMax } from "./limits.ts";

/** Where the processes behind a service listen; a text says why nowhere. */
export type FindService = (
  namespace: string,
  name: string,
  port: number,
) => { readonly host: string; readonly port: number } | string;

/** What could not be asked, in the words of Go's HTTP client and of Kubernetes'. */
export class WebhookCallError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WebhookCallError";
  }
}

export interface WebhookCall {
  readonly config: ClientConfig;
  readonly body: string;
  readonly seconds: number;
  readonly findService: FindService;
  /** The longest answer that is read; left out, that of a review. */
  readonly answerBytesMax?: number;
}

interface Target {
  /** As messages name it. */
  readonly shown: string;
  readonly url: URL;
  readonly serverName: string | undefined;
}

/** Posts a review to a webhook over HTTPS and reads the answer. A service is known by its name in the cluster, wherever it listens. */
export async function callWebhook(call: WebhookCall): Promise<unknown> {
  const { shown, url, serverName } = targetOf(call);
  const answer = await post(call, url, serverName).catch((error: unknown) => {
    throw new WebhookCallError(`Post ${JSON.stringify(shown)}: ${wordsOf(error, url)}`);
  });
  if (answer.status !== 200 && answer.status !== 201) throw new WebhookCallError(statusWords(answer));
  return parsed(answer.text);
}

function targetOf({ config: { url, service }, seconds, findService }: WebhookCall): Target {
  const timed = (text: string): URL => {
    const target = new URL(text);
    target.searchParams.set("timeout", `${seconds}s`);
    return target;
  };
  if (url !== undefined) {
    const target = timed(url);
    return { shown: target.href, url: target, serverName: undefined };
  }
  const { namespace = "", name = "", path = "", port = 443 } = service ?? {};
  const serverName = `${name}.${namespace}.svc`;
  const query = `?timeout=${seconds}s`;
  const shown = `https://${serverName}:${port}/${path.replace(/^\//, "")}${query}`;
  const address = findService(namespace, name, port);
  if (typeof address === "string") throw new WebhookCallError(`Post ${JSON.stringify(shown)}: ${address}`);
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return { shown, url: timed(`https://${host}:${address.port}/${path.replace(/^\//, "")}`), serverName };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function post(call: WebhookCall, url: URL, serverName: string | undefined): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { config, body, seconds, answerBytesMax = reviewBytesMax } = call;
  const content = Buffer.from(body);
  const outgoing = request(
    url,
    {
      method: "POST",
      agent: false,
      signal: AbortSignal.timeout(seconds * 1_000),
      headers: {
        "content-type": "application/json",
        accept: "application/json, */*",
        "content-length": content.length,
      },
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(config.caBundle ? { ca: Buffer.from(config.caBundle, "base64") } : {}),
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) outgoing.destroy(new Error(`the answer is longer than ${answerBytesMax} bytes`));
        else chunks.push(chunk);
      });
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          type: incoming.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    },
  );
  outgoing.on("error", reject);
  outgoing.end(content);
  return promise;
}

const unknownAuthority = "tls: failed to verify certificate: x509: certificate signed by unknown authority";

const wordsByCode: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  CERT_SIGNATURE_FAILURE: unknownAuthority,
  CERT_HAS_EXPIRED: "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
  ECONNRESET: "EOF",
};

function wordsOf(error: unknown, url: URL): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "AbortError" || error.name === "TimeoutError") return "context deadline exceeded";
  const code = "code" in error ? String(error.code) : "";
  const port = url.port === "" ? "443" : url.port;
  if (code === "ECONNREFUSED") return `dial tcp ${url.hostname}:${port}: connect: connection refused`;
  if (code === "ENOTFOUND") return `dial tcp: lookup ${url.hostname}: no such host`;
  return wordsByCode[code] ?? error.message;
}

const wordsByStatus: Readonly<Record<number, string>> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  404: "the server could not find the requested resource",
  405: "the server does not allow this method on the requested resource",
  409: "the server reported a conflict",
  422: "the server rejected our request due to an error in our request",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted, but may still be processing the request",
};

function statusWords({ status, type, text }: Answer): string {
  const known = wordsByStatus[status];
  if (known !== undefined) return known;
  const said = type === "" || type.startsWith("text/") ? text.trim() : "unknown";
  if (status === 403 || status === 406 || status === 415) return said;
  return status >= 500
    ? `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`
    : `the server responded with the status code ${status} but did not return more information`;
}

const goType = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

/** JSON, or else YAML: Kubernetes reads either. */
function parsed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = yamlOrText(text);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  const what = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  throw new WebhookCallError(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value of type ${goType}`,
  );
}

function yamlOrText(text: string): unknown {
  try {
    return decode(text);
  } catch {
    return text;
  }
}
