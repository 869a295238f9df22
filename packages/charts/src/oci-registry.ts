import { bestVersion } from "./best-version.ts";
import { describe, type ChartRequest, type FetchedChart } from "./chart-request.ts";
import { sha256, type ChartCache } from "./chart-cache.ts";
import { ChartsError } from "./charts-error.ts";
import { basicAuthorization, type FindCredentials } from "./credentials.ts";
import type { HttpAnswer, HttpClient } from "./http-client.ts";
import { archiveBytesMax, documentBytesMax, tagPagesMax } from "./limits.ts";
import { parseChallenge, tokenUrl } from "./registry-challenge.ts";

const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const manifestTypes = "application/vnd.oci.image.manifest.v1+json";

export interface OciRegistryOptions {
  readonly http: HttpClient;
  readonly cache: ChartCache;
  readonly credentials: FindCredentials;
  /** Registries that speak plain HTTP: loopback ones. */
  readonly isPlain: (host: string) => boolean;
}

interface Repository {
  readonly base: string;
  readonly host: string;
  readonly name: string;
}

/** Charts in registries, by the OCI distribution specification 1.1. */
export class OciRegistries {
  readonly #options: OciRegistryOptions;
  readonly #authorizations = new Map<string, string>();

  constructor(options: OciRegistryOptions) {
    this.#options = options;
  }

  async fetch(request: ChartRequest): Promise<FetchedChart> {
    const repository = this.#repositoryOf(request);
    const version = await this.#resolve(repository, request);
    const cacheKey = `${repository.base}\n${version}`;
    const known = await this.#options.cache.archive(cacheKey);
    if (known) return { ...known, version };
    const layer = await this.#chartLayer(repository, version, request);
    const answer = await this.#get(repository, { path: `blobs/${layer}`, bytesMax: archiveBytesMax }, request);
    if (`sha256:${sha256(answer.body)}` !== layer) {
      throw new ChartsError("digest-mismatch", `${describe(request)}: the registry sent other content than ${layer}`);
    }
    return { archive: answer.body, version, digest: await this.#options.cache.keepArchive(cacheKey, answer.body) };
  }

  #repositoryOf(request: ChartRequest): Repository {
    const address = `${request.repository.replace(/^oci:\/\//, "").replace(/\/+$/, "")}/${request.name}`;
    const slash = address.indexOf("/");
    const host = address.slice(0, slash);
    const name = address.slice(slash + 1);
    if (!/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(name)) {
      throw new ChartsError(
        "unsupported-address",
        `${describe(request)}: "${name}" is no repository name of a registry`,
      );
    }
    return { base: `${this.#options.isPlain(host) ? "http" : "https"}://${host}/v2/${name}/`, host, name };
  }

  /** A tag can't hold `+`; Helm writes it as `_`. */
  async #resolve(repository: Repository, request: ChartRequest): Promise<string> {
    if (/^v?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/.test(request.version)) return request.version;
    const tags = await this.#tags(repository, request);
    const version = bestVersion(
      request.version,
      tags.map((tag) => tag.replaceAll("_", "+")),
    );
    if (version !== undefined) return version;
    throw new ChartsError("no-version", `${describe(request)}: no such version among ${tags.length} tags`);
  }

  async #tags(repository: Repository, request: ChartRequest): Promise<readonly string[]> {
    const tags: string[] = [];
    let path: string | undefined = "tags/list";
    for (let page = 0; path !== undefined && page < tagPagesMax; page++) {
      const answer: HttpAnswer = await this.#get(repository, { path, bytesMax: documentBytesMax }, request);
      const { tags: more } = this.#json(answer, request) as { tags?: unknown };
      if (Array.isArray(more)) tags.push(...more.filter((tag) => typeof tag === "string"));
      path = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers.get("link") ?? "")?.[1];
    }
    return tags;
  }

  async #chartLayer(repository: Repository, version: string, request: ChartRequest): Promise<string> {
    const path = `manifests/${version.replaceAll("+", "_")}`;
    const answer = await this.#get(repository, { path, bytesMax: documentBytesMax }, request);
    const { layers } = this.#json(answer, request) as { layers?: unknown };
    const found = (Array.isArray(layers) ? layers : []).find((layer) => layer?.mediaType === chartLayer);
    if (typeof found?.digest === "string" && /^sha256:[0-9a-f]{64}$/.test(found.digest)) return found.digest;
    throw new ChartsError("invalid-answer", `${describe(request)}: ${repository.base}${path} is no Helm chart`);
  }

  #json(answer: HttpAnswer, request: ChartRequest): object {
    try {
      const value: unknown = JSON.parse(Buffer.from(answer.body).toString("utf8"));
      if (typeof value === "object" && value !== null) return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new ChartsError(
      "invalid-answer",
      `${describe(request)}: the registry answered something that is no JSON object`,
    );
  }

  async #get(
    repository: Repository,
    ask: { path: string; bytesMax: number },
    request: ChartRequest,
  ): Promise<HttpAnswer> {
    const send = () =>
      this.#options.http.get({
        url: new URL(ask.path, repository.base).href,
        headers: { accept: `${manifestTypes}, */*`, ...this.#authorization(repository) },
        bytesMax: ask.bytesMax,
        purpose: describe(request),
      });
    let answer = await send();
    if (answer.status === 401 && (await this.#authorize(repository, answer, request))) answer = await send();
    if (answer.status === 200) return answer;
    if (answer.status === 401 || answer.status === 403) {
      throw new ChartsError(
        "unauthorized",
        `${describe(request)}: ${repository.host} refuses (${answer.status}); log in to the registry first`,
      );
    }
    const code = answer.status === 404 ? "not-found" : "unreachable";
    throw new ChartsError(code, `${describe(request)}: ${repository.host} answered ${answer.status} for ${ask.path}`);
  }

  #authorization(repository: Repository): Record<string, string> {
    const known = this.#authorizations.get(repository.base);
    return known === undefined ? {} : { authorization: known };
  }

  /** Follows the registry's challenge once; false when there is nothing more to offer. */
  async #authorize(repository: Repository, refused: HttpAnswer, request: ChartRequest): Promise<boolean> {
    if (this.#authorizations.has(repository.base)) return false;
    const challenge = parseChallenge(refused.headers.get("www-authenticate") ?? "");
    const credentials = this.#options.credentials(repository.host);
    const basic = credentials && basicAuthorization(credentials);
    if (challenge?.scheme === "basic" && basic !== undefined) {
      this.#authorizations.set(repository.base, basic);
      return true;
    }
    if (challenge?.scheme !== "bearer") return false;
    const answer = await this.#options.http.get({
      url: tokenUrl(challenge, repository.name),
      headers: basic === undefined ? {} : { authorization: basic },
      bytesMax: documentBytesMax,
      purpose: describe(request),
    });
    const { token, access_token: accessToken } = this.#json(answer, request) as {
      token?: unknown;
      access_token?: unknown;
    };
    const given = typeof token === "string" ? token : accessToken;
    if (answer.status !== 200 || typeof given !== "string") return false;
    this.#authorizations.set(repository.base, `Bearer ${given}`);
    return true;
  }
}
