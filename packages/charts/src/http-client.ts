import { ChartsError } from "./charts-error.ts";
import { basicAuthorization, credentialsInAddress } from "./credentials.ts";
import { redirectsMax } from "./limits.ts";
import { printableAddress } from "./printable-address.ts";

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
  readonly idleTimeoutMs: number;
}

/** GET with bounds on size, silence and redirects. Credentials are not carried to another host. */
export class HttpClient {
  readonly #options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  async get(request: HttpRequest): Promise<HttpAnswer> {
    let url = parseUrl(request.url, undefined, request);
    let headers = { ...request.headers };
    for (let redirects = 0; redirects <= redirectsMax; redirects++) {
      const answer = await this.#send(url, headers, request);
      const location = answer.headers.get("location");
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === null) return answer;
      const next = parseUrl(location, url, request);
      if (next.origin !== url.origin) headers = withoutCredentials(headers);
      url = next;
    }
    const from = printableAddress(request.url);
    throw new ChartsError("unreachable", `${request.purpose}: more than ${redirectsMax} redirects from ${from}`);
  }

  async #send(url: URL, headers: Readonly<Record<string, string>>, request: HttpRequest): Promise<HttpAnswer> {
    const silence = new Silence(this.#options.idleTimeoutMs);
    try {
      const response = await this.#options.fetch(withoutUserInfo(url), {
        headers: { ...userInfoHeader(url), ...headers },
        redirect: "manual",
        signal: AbortSignal.any([this.#options.signal, silence.signal]),
      });
      const body = await readBody(response, request, silence);
      return { status: response.status, headers: response.headers, body };
    } catch (error) {
      this.#options.signal.throwIfAborted();
      throw asChartsError(error, silence, { url, request });
    } finally {
      silence.end();
    }
  }
}

/** Aborts when nothing was heard for so long. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#timer = setTimeout(() => this.#controller.abort(), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  get description(): string | undefined {
    return this.signal.aborted ? `nothing came for ${this.#timeoutMs} ms` : undefined;
  }
}

function parseUrl(address: string, base: URL | undefined, request: HttpRequest): URL {
  if (!URL.canParse(address, base)) {
    const message = `${request.purpose}: the server names "${printableAddress(address)}", which is no address`;
    throw new ChartsError(base ? "invalid-answer" : "unsupported-address", message);
  }
  const url = new URL(address, base);
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  throw new ChartsError("unsupported-address", `${request.purpose}: ${url.protocol} addresses are not followed`);
}

/** `fetch` refuses addresses with a user and a password in them, and repeats them in its message. */
function withoutUserInfo(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}

function userInfoHeader(url: URL): Record<string, string> {
  const credentials = credentialsInAddress(url);
  return credentials ? { authorization: basicAuthorization(credentials) } : {};
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"));
}

async function readBody(response: Response, request: HttpRequest, silence: Silence): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    silence.heard();
    bytes += chunk.length;
    if (bytes > request.bytesMax) {
      throw new ChartsError("too-large", `${request.purpose}: the answer has more than ${request.bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function asChartsError(
  error: unknown,
  silence: Silence,
  { url, request }: { url: URL; request: HttpRequest },
): ChartsError {
  if (error instanceof ChartsError) {
    const named = error.message.startsWith(request.purpose) ? error.message : `${request.purpose}: ${error.message}`;
    return new ChartsError(error.code, named, { cause: error });
  }
  const why = silence.description ?? reason(error);
  const message = `${request.purpose}: ${url.origin} did not answer (${why}); check the address and the network`;
  return new ChartsError("unreachable", message, { cause: error });
}

/** What fetch hides in the cause: ECONNREFUSED, ENOTFOUND, a certificate that is not trusted. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  return error.message;
}
