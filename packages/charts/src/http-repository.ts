import { describe, type ChartRequest, type FetchedChart } from "./chart-request.ts";
import { sha256, type ChartCache } from "./chart-cache.ts";
import { ChartsError } from "./charts-error.ts";
import { basicAuthorization, type FindCredentials } from "./credentials.ts";
import type { HttpClient } from "./http-client.ts";
import { archiveBytesMax, indexBytesMax, indexFreshMs } from "./limits.ts";
import { findEntry, parseIndex, type RepositoryIndex } from "./repository-index.ts";

export interface HttpRepositoryOptions {
  readonly http: HttpClient;
  readonly cache: ChartCache;
  readonly credentials: FindCredentials;
  readonly now: () => number;
}

/** Classic chart repositories: an `index.yaml`, and archives at the addresses that it gives. */
export class HttpRepositories {
  readonly #options: HttpRepositoryOptions;
  /** Parsed indexes of this run, so that a hundred applications parse one once. */
  readonly #indexes = new Map<string, Promise<RepositoryIndex>>();

  constructor(options: HttpRepositoryOptions) {
    this.#options = options;
  }

  async fetch(request: ChartRequest): Promise<FetchedChart> {
    const base = request.repository.replace(/\/*$/, "/");
    const entry = findEntry(await this.#index(base, request), request);
    const cacheKey = `${base}\n${request.name}\n${entry.version}\n${entry.digest ?? ""}`;
    const known = await this.#options.cache.archive(cacheKey);
    if (known) return { ...known, version: entry.version };
    const archive = await this.#download(base, entry.urls[0] ?? "", request);
    if (entry.digest !== undefined && sha256(archive) !== entry.digest) {
      const message = `${describe(request)}: the archive is not the one that the index names (SHA-256 ${sha256(archive)}, expected ${entry.digest})`;
      throw new ChartsError("digest-mismatch", message);
    }
    return { archive, version: entry.version, digest: await this.#options.cache.keepArchive(cacheKey, archive) };
  }

  #index(base: string, request: ChartRequest): Promise<RepositoryIndex> {
    const known = this.#indexes.get(base);
    if (known) return known;
    const url = `${base}index.yaml`;
    const loading = this.#loadIndex(url, request).then((text) => parseIndex(text, url));
    this.#indexes.set(base, loading);
    return loading;
  }

  async #loadIndex(url: string, request: ChartRequest): Promise<string> {
    const { cache, http, now } = this.#options;
    const known = await cache.index(url);
    if (known && now() - known.fetchedAtMs < indexFreshMs) return known.text;
    const headers = { ...this.#authorization(url), ...(known?.etag ? { "if-none-match": known.etag } : {}) };
    const answer = await http.get({ url, headers, bytesMax: indexBytesMax, purpose: describe(request) });
    if (answer.status === 304 && known) {
      await cache.keepIndex(url, { ...known, fetchedAtMs: now() });
      return known.text;
    }
    expectFound(answer.status, url, request);
    const text = Buffer.from(answer.body).toString("utf8");
    await cache.keepIndex(url, { text, etag: answer.headers.get("etag") ?? "", fetchedAtMs: now() });
    return text;
  }

  async #download(base: string, location: string, request: ChartRequest): Promise<Uint8Array> {
    if (!URL.canParse(location, base)) {
      throw new ChartsError("invalid-answer", `${describe(request)}: the index gives no address of the archive`);
    }
    const url = new URL(location, base).href;
    // The index decides where an archive lies; the repository's password is for the repository alone.
    const headers = new URL(url).origin === new URL(base).origin ? this.#authorization(base) : {};
    const answer = await this.#options.http.get({
      url,
      headers,
      bytesMax: archiveBytesMax,
      purpose: describe(request),
    });
    expectFound(answer.status, url, request);
    return answer.body;
  }

  #authorization(url: string): Record<string, string> {
    const found = this.#options.credentials(new URL(url).host);
    return found ? { authorization: basicAuthorization(found) } : {};
  }
}

function expectFound(status: number, url: string, request: ChartRequest): void {
  if (status === 200) return;
  if (status === 401 || status === 403) {
    throw new ChartsError(
      "unauthorized",
      `${describe(request)}: ${url} asks for credentials (${status}); log in to the registry first`,
    );
  }
  const code = status === 404 ? "not-found" : "unreachable";
  throw new ChartsError(code, `${describe(request)}: ${url} answered ${status}`);
}
