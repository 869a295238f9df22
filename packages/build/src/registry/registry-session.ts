import { BuildError } from "../build-error.ts";
import { registryRedirectsMax } from "../limits.ts";
import { isRecord } from "../oci/manifest.ts";
import { credentialsFor, type Credentials, type Environment } from "./credentials.ts";
import { complaintOf, exchange, readAnswer, type HttpAnswer, type HttpRequest } from "./http-exchange.ts";
import { endpointOf } from "./registry-address.ts";

export interface SessionOptions {
  readonly host: string;
  /** Repositories that are read, and the one that is written to as well. */
  readonly scopes: readonly string[];
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** Requests to one registry with one set of rights, which it asks for when the registry wants to know. */
export class RegistrySession {
  readonly host: string;
  readonly #options: SessionOptions;
  readonly #base: URL;
  #authorization: string | undefined;

  constructor(options: SessionOptions) {
    this.host = options.host;
    this.#options = options;
    this.#base = endpointOf(options.host);
  }

  /** The address of something below `/v2/`, or of where an upload goes on. */
  urlOf(path: string): URL {
    return new URL(path, new URL("/v2/", this.#base));
  }

  /** Follows redirections of what is read; credentials stay with the registry itself. */
  async send(url: URL, request: HttpRequest): Promise<HttpAnswer> {
    let current = url;
    let asked = false;
    for (let hops = 0; hops <= registryRedirectsMax; hops += 1) {
      const isOwn = current.host === this.#base.host;
      const authorization: Record<string, string> =
        isOwn && this.#authorization !== undefined ? { authorization: this.#authorization } : {};
      const answer = await exchange(
        current,
        { ...request, headers: { ...request.headers, ...authorization } },
        this.#options.signal,
      );
      const location = answer.headers.location;
      if (answer.status === 401 && isOwn && !asked) {
        asked = true;
        answer.stream.resume();
        this.#authorization = await this.#authorize(answer.headers["www-authenticate"] ?? "");
      } else if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
        answer.stream.resume();
        current = new URL(location, current);
      } else {
        return answer;
      }
    }
    throw new BuildError("registry_failed", `${url.host} answers with one redirection after the other`);
  }

  /** The answer if it has one of these states; otherwise a failure with what the registry said. */
  async expect(url: URL, request: HttpRequest, states: readonly number[]): Promise<HttpAnswer> {
    const answer = await this.send(url, request);
    if (states.includes(answer.status)) return answer;
    const what = `${request.method} ${url.host}${url.pathname}`;
    const why = await complaintOf(answer);
    if (answer.status === 401 || answer.status === 403) {
      throw new BuildError(
        "unauthorized",
        `${what} is not allowed (${why}): docker login ${this.host}, or ask its owner`,
      );
    }
    if (answer.status === 404) throw new BuildError("image_not_found", `${what}: ${why}`);
    throw new BuildError("registry_failed", `${what}: ${why}`);
  }

  /** The two schemes of registries: the password itself, or a token from the place that the challenge names. */
  async #authorize(challenge: string): Promise<string> {
    const credentials = await credentialsFor(this.host, this.#options.env);
    if (/^basic\b/iu.test(challenge)) {
      if (credentials?.kind !== "password") throw this.#nobody("wants a name and a password");
      return basic(credentials);
    }
    const realm = parameterOf(challenge, "realm");
    if (!/^bearer\b/iu.test(challenge) || realm === undefined) {
      throw this.#nobody(`asks for a kind of login that is not supported: ${challenge.split(" ")[0] ?? ""}`);
    }
    const url = new URL(realm);
    if (url.protocol !== "https:" && this.#base.protocol === "https:") {
      throw this.#nobody(`wants credentials to be sent to ${url.origin} without TLS`);
    }
    return `Bearer ${await this.#token(url, parameterOf(challenge, "service"), credentials)}`;
  }

  async #token(url: URL, service: string | undefined, credentials: Credentials | undefined): Promise<string> {
    const { scopes, signal } = this.#options;
    const fields = [
      ...(service === undefined ? [] : [["service", service]]),
      ...scopes.map((scope) => ["scope", scope]),
    ];
    const answer =
      credentials?.kind === "refresh-token"
        ? await exchange(url, refreshRequest(credentials.token, service, scopes), signal)
        : await exchange(
            withFields(url, fields),
            { method: "GET", headers: credentials === undefined ? {} : { authorization: basic(credentials) } },
            signal,
          );
    if (answer.status !== 200) throw this.#nobody(`gives no token: ${await complaintOf(answer)}`);
    const body: unknown = JSON.parse((await readAnswer(answer)).toString("utf8"));
    const token = isRecord(body) ? (body["token"] ?? body["access_token"]) : undefined;
    if (typeof token !== "string") throw this.#nobody(`${url.host} answers without a token`);
    return token;
  }

  #nobody(why: string): BuildError {
    return new BuildError("unauthorized", `the registry ${this.host} ${why}: docker login ${this.host}`);
  }
}

function refreshRequest(token: string, service: string | undefined, scopes: readonly string[]): HttpRequest {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    service: service ?? "",
    client_id: "fairway",
    scope: scopes.join(" "),
    refresh_token: token,
  });
  const bytes = Buffer.from(form.toString());
  return {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: { bytes: bytes.length, open: () => onePiece(bytes) },
  };
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function withFields(url: URL, fields: readonly (readonly string[])[]): URL {
  const next = new URL(url);
  for (const [name = "", value = ""] of fields) next.searchParams.append(name, value);
  return next;
}

function basic(credentials: Credentials): string {
  if (credentials.kind !== "password") return "";
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}

function parameterOf(challenge: string, name: string): string | undefined {
  return new RegExp(`[ ,]${name}="([^"]*)"`, "iu").exec(challenge)?.[1];
}
