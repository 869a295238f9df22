import { ChartsError } from "./charts-error.ts";
import { redirectsMax, requestTimeoutMs } from "./limits.ts";

export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bytesMax: number;
  /** Who wants it, for messages: `chart redis 1.2.3 of https://...`. */
  readonly purpose: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface HttpClientOptions {
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** GET with bounds on size, time and redirects. Credentials are not carried to another host. */
export class HttpClient {
  readonly #options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  async get(request: HttpRequest): Promise<HttpAnswer> {
    let url = new URL(request.url);
    let headers = { ...request.headers };
    for (let redirects = 0; redirects <= redirectsMax; redirects++) {
      const response = await this.#send(url, headers, request);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null || response.status === 304) {
        return { status: response.status, headers: response.headers, body: await readBody(response, request) };
      }
      await response.body?.cancel();
      const next = new URL(location, url);
      if (next.origin !== url.origin) headers = withoutCredentials(headers);
      url = next;
    }
    throw new ChartsError("unreachable", `${request.purpose}: more than ${redirectsMax} redirects from ${request.url}`);
  }

  async #send(url: URL, headers: Record<string, string>, request: HttpRequest): Promise<Response> {
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      throw new ChartsError("unsupported-address", `${request.purpose}: ${url.protocol} addresses are not followed`);
    }
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(requestTimeoutMs)]);
    try {
      return await this.#options.fetch(url, { headers, redirect: "manual", signal });
    } catch (error) {
      this.#options.signal.throwIfAborted();
      const why = `${url.origin} did not answer (${reason(error)})`;
      throw new ChartsError("unreachable", `${request.purpose}: ${why}; check the address and the network`, {
        cause: error,
      });
    }
  }
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"));
}

async function readBody(response: Response, request: HttpRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > request.bytesMax) {
      throw new ChartsError("too-large", `${request.purpose}: the answer has more than ${request.bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What fetch hides in the cause: ECONNREFUSED, ENOTFOUND, a certificate that is not trusted. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  return error.message;
}
