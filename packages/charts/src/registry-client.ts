import { describe, type ChartRequest } from "./chart-request.ts";
import { ChartsError } from "./charts-error.ts";
import { basicAuthorization, type FindCredentials } from "./credentials.ts";
import type { HttpAnswer, HttpClient } from "./http-client.ts";
import { documentBytesMax } from "./limits.ts";
import type { IsPlain, OciRepository } from "./oci-repository.ts";
import { parseChallenge, tokenUrl } from "./registry-challenge.ts";
import { SingleFlight } from "./single-flight.ts";

export interface RegistryClientOptions {
  readonly http: HttpClient;
  readonly credentials: FindCredentials;
  /** Registries that speak plain HTTP: loopback ones. */
  readonly isPlain: IsPlain;
}

export interface RegistryAsk {
  /** Below the repository's `/v2/<name>/`, or an address of the same registry that it gave us. */
  readonly path: string;
  readonly bytesMax: number;
  readonly accept?: string;
}

/** GET in a registry, following its challenge when it wants to know who asks. */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  /** What each repository accepted last; tokens are good for one repository and some minutes. */
  readonly #authorizations = new Map<string, string>();
  readonly #authorizing = new SingleFlight<string | undefined>();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  async get(repository: OciRepository, ask: RegistryAsk, request: ChartRequest): Promise<HttpAnswer> {
    const sent = this.#authorizations.get(repository.base);
    let answer = await this.#send(repository, ask, { request, authorization: sent });
    if (answer.status === 401) {
      const authorization = await this.#renew(repository, { sent, refused: answer, request });
      if (authorization !== undefined) answer = await this.#send(repository, ask, { request, authorization });
    }
    expectFound(answer, { repository, ask, request });
    return answer;
  }

  #send(
    repository: OciRepository,
    { path, bytesMax, accept = "*/*" }: RegistryAsk,
    { request, authorization }: { request: ChartRequest; authorization: string | undefined },
  ): Promise<HttpAnswer> {
    const url = new URL(path, repository.base);
    if (url.origin !== new URL(repository.base).origin) {
      const message = `${describe(request)}: ${repository.host} points to ${url.origin}, which is another server`;
      throw new ChartsError("invalid-answer", message);
    }
    const headers = { accept, ...(authorization !== undefined && { authorization }) };
    return this.#options.http.get({ url: url.href, headers, bytesMax, purpose: describe(request) });
  }

  /** Another authorization than the one that was refused; undefined when there is nothing more to offer. */
  async #renew(
    repository: OciRepository,
    { sent, refused, request }: { sent: string | undefined; refused: HttpAnswer; request: ChartRequest },
  ): Promise<string | undefined> {
    const current = this.#authorizations.get(repository.base);
    // Another request of the same moment was refused too, and was faster.
    if (current !== sent) return current;
    const found = await this.#authorizing.run(repository.base, () => this.#authorize(repository, refused, request));
    if (found === undefined || found === sent) return undefined;
    this.#authorizations.set(repository.base, found);
    return found;
  }

  async #authorize(repository: OciRepository, refused: HttpAnswer, request: ChartRequest): Promise<string | undefined> {
    const challenge = parseChallenge(refused.headers.get("www-authenticate") ?? "");
    const credentials = this.#options.credentials(repository.host);
    const basic = credentials && basicAuthorization(credentials);
    if (challenge?.scheme !== "bearer") return challenge && basic;
    const realm = new URL(challenge.realm);
    if (basic !== undefined && realm.protocol !== "https:" && !this.#options.isPlain(realm.host)) {
      const message = `${describe(request)}: ${repository.host} wants the password sent to ${realm.origin} without encryption`;
      throw new ChartsError("unauthorized", message);
    }
    const answer = await this.#options.http.get({
      url: tokenUrl(challenge, repository.name),
      headers: basic === undefined ? {} : { authorization: basic },
      bytesMax: documentBytesMax,
      purpose: describe(request),
    });
    if (answer.status !== 200) return undefined;
    const { token, access_token: accessToken } = jsonObject(answer, request);
    const given = typeof token === "string" ? token : accessToken;
    return typeof given === "string" ? `Bearer ${given}` : undefined;
  }
}

function expectFound(
  { status }: HttpAnswer,
  { repository, ask, request }: { repository: OciRepository; ask: RegistryAsk; request: ChartRequest },
): void {
  if (status === 200) return;
  const what = `${describe(request)}: ${repository.host}`;
  if (status === 401 || status === 403) {
    throw new ChartsError("unauthorized", `${what} refuses (${status}); log in to the registry first`);
  }
  const where = ask.path.replace(/[?#].*$/, "");
  if (status === 404) throw new ChartsError("not-found", `${what} has no ${where} in ${repository.name} (404)`);
  // What is wrong on the server's side may be over soon.
  const isTheirs = status === 429 || status >= 500;
  throw new ChartsError(isTheirs ? "unreachable" : "invalid-answer", `${what} answered ${status} for ${where}`);
}

export function jsonObject(answer: HttpAnswer, request: ChartRequest): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(answer.body).toString("utf8"));
    if (typeof value === "object" && value !== null) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ChartsError("invalid-answer", `${describe(request)}: the registry's answer is no JSON object`);
}
