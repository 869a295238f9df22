import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { BuildError, messageOf } from "../build-error.ts";
import { manifestBytesMax, registryIdleMs } from "../limits.ts";

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  /** Read anew for every attempt. */
  readonly body?: { readonly bytes: number; readonly open: () => AsyncIterable<Uint8Array> };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly stream: IncomingMessage;
}

/** Connections are kept, and go through the proxy that the environment names. */
const agents = {
  "http:": new HttpAgent({ keepAlive: true, proxyEnv: process.env }),
  "https:": new HttpsAgent({ keepAlive: true, proxyEnv: process.env }),
} as const;

/** One request. The answer's body has to be read or thrown away. */
export async function exchange(
  url: URL,
  { body, headers, method }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const options = {
    method,
    signal,
    headers: { ...headers, ...(method === "GET" || method === "HEAD" ? {} : { "content-length": body?.bytes ?? 0 }) },
  };
  try {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request =
      url.protocol === "https:"
        ? httpsRequest(url, { ...options, agent: agents["https:"] }, resolve)
        : httpRequest(url, { ...options, agent: agents["http:"] }, resolve);
    request.on("error", reject);
    request.setTimeout(registryIdleMs, () =>
      request.destroy(new Error(`it was silent for ${registryIdleMs / 1000} s`)),
    );
    if (body === undefined) request.end();
    // A registry that refuses answers before it has read everything: then its answer counts.
    else pipeline(body.open(), request).catch(reject);
    const answer = await promise;
    return { status: answer.statusCode ?? 0, headers: answer.headers, stream: answer };
  } catch (error) {
    if (signal.aborted) throw new BuildError("stopped", "it was stopped", error);
    throw new BuildError("registry_failed", `${url.host} can't be reached: ${messageOf(error)}`, error);
  }
}

/** A small body, whole. */
export async function readAnswer({ stream }: HttpAnswer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > manifestBytesMax) {
      stream.destroy();
      throw new BuildError(
        "registry_failed",
        `a registry sends more than ${manifestBytesMax} bytes where a few are expected`,
      );
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

/** What a registry says that went wrong, in its own words. */
export async function complaintOf(answer: HttpAnswer): Promise<string> {
  const text = (await readAnswer(answer)).toString("utf8");
  try {
    const { errors }: { readonly errors?: readonly { readonly code?: string; readonly message?: string }[] } =
      JSON.parse(text);
    const said = (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(": ")).join("; ");
    if (said !== "") return `${answer.status} ${said}`;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return `${answer.status} ${text.trim().slice(0, 200)}`.trim();
}
