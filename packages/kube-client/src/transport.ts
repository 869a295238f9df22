import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { connectionError } from "./connection-error.ts";
import type { KubeRequest } from "./kube-client.ts";
import { connectionsMax, keepAliveMs, silenceMsMax } from "./limits.ts";

/** What proves who asks. */
export interface Credentials {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly certificate?: string | Buffer;
  readonly key?: string | Buffer;
}

export interface CredentialSource {
  readonly get: () => Promise<Credentials>;
  /** The server did not accept them: what is remembered is forgotten. */
  readonly forget: () => void;
}

export interface TransportOptions {
  /** `https://127.0.0.1:6443`, with a path before `/api` when the server is behind one. */
  readonly server: string;
  readonly certificateAuthority?: string | Buffer;
  readonly credentials: CredentialSource;
  /** The name that the server's certificate has to be for, where it isn't that of the address. */
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  /** In the form of the environment: `HTTPS_PROXY`, `NO_PROXY`. */
  readonly proxy?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly userAgent?: string;
  readonly connectionsMax?: number;
}

/** What a request over the network needs beside its content. */
export interface Route {
  readonly url: URL;
  readonly headers: Record<string, string | string[]>;
  readonly agent: HttpAgent | HttpsAgent;
  readonly isSecure: boolean;
}

interface Agents {
  readonly certificate: string | Buffer | undefined;
  readonly requests: HttpAgent | HttpsAgent;
  readonly streams: HttpAgent | HttpsAgent;
}

/** Brings requests to one API server: connections, certificates, who asks. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #isSecure: boolean;
  readonly #base: string;
  #agents: Agents | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    const url = new URL(options.server);
    this.#isSecure = url.protocol === "https:";
    this.#base = url.href.replace(/\/+$/u, "");
  }

  /** `streams`: the answer goes on for as long as it likes, on a connection of its own. */
  async send(what: KubeRequest, use: "requests" | "streams"): Promise<IncomingMessage> {
    const answer = await this.#sendOnce(what, use);
    if (answer.statusCode !== 401) return answer;
    answer.resume();
    this.#options.credentials.forget();
    return this.#sendOnce(what, use);
  }

  async route(
    path: string,
    query: Readonly<Record<string, string>>,
    use: "requests" | "streams" = "streams",
  ): Promise<Route> {
    const { headers = {}, userAgent = "fairway" } = this.#options;
    const url = new URL(`${this.#base}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // As kubectl does: without TLS nobody is told who asks.
    const credentials = this.#isSecure ? await this.#options.credentials.get() : {};
    const agents = this.#agentsFor(credentials);
    return {
      url,
      headers: { accept: "application/json", "user-agent": userAgent, ...headers, ...authorization(credentials) },
      agent: agents[use],
      isSecure: this.#isSecure,
    };
  }

  close(): void {
    this.#agents?.requests.destroy();
    this.#agents?.streams.destroy();
    this.#agents = undefined;
  }

  async #sendOnce(what: KubeRequest, use: "requests" | "streams"): Promise<IncomingMessage> {
    const { url, headers, agent, isSecure } = await this.route(what.path, what.query ?? {}, use);
    const body = what.body === undefined ? undefined : Buffer.from(JSON.stringify(what.body));
    const options: RequestOptions = {
      agent,
      method: what.method,
      headers: {
        ...headers,
        ...(body === undefined
          ? {}
          : { "content-type": what.contentType ?? "application/json", "content-length": body.length }),
      },
      ...(what.signal === undefined ? {} : { signal: what.signal }),
      ...(use === "requests" ? { timeout: silenceMsMax } : {}),
    };
    const request = isSecure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = request(url, options);
      const refuse = (error: Error): void => {
        // The server closed a connection that was kept open while this request was on its way to it.
        if (what.method === "GET" && outgoing.reusedSocket && isCut(error)) resolve(this.#sendOnce(what, use));
        else reject(connectionError(`${what.method} ${url.origin}${what.path}`, error));
      };
      outgoing
        .on("socket", (socket) => socket.setKeepAlive(true, keepAliveMs))
        .on("timeout", () =>
          outgoing.destroy(Object.assign(new Error(`no answer for ${silenceMsMax / 1000} s`), { code: "ETIMEDOUT" })),
        )
        .on("response", resolve)
        .on("error", refuse)
        .end(body);
    });
  }

  /** A new certificate needs new connections. */
  #agentsFor(credentials: Credentials): Agents {
    const { certificate, key } = credentials;
    if (this.#agents !== undefined && this.#agents.certificate === certificate) return this.#agents;
    const { certificateAuthority, serverName, insecureSkipVerify = false, proxy } = this.#options;
    const common = {
      ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(insecureSkipVerify ? { rejectUnauthorized: false } : {}),
      ...(proxy === undefined ? {} : { proxyEnv: proxy }),
    };
    const Agent = this.#isSecure ? HttpsAgent : HttpAgent;
    const old = this.#agents;
    this.#agents = {
      certificate,
      requests: new Agent({ ...common, keepAlive: true, maxSockets: this.#options.connectionsMax ?? connectionsMax }),
      streams: new Agent({ ...common, keepAlive: false }),
    };
    // Whatever is under way on the old ones ends by itself.
    old?.requests.destroy();
    return this.#agents;
  }
}

function isCut(error: Error): boolean {
  return "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

function authorization({ token, username, password = "" }: Credentials): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}
