import { describe, type ChartRequest, type FetchedChart } from "./chart-request.ts";
import { sha256, type KeptListing } from "./chart-cache.ts";
import { ChartsError } from "./charts-error.ts";
import { basicAuthorization, credentialsInAddress, type FindCredentials } from "./credentials.ts";
import type { HttpAnswer, HttpClient } from "./http-client.ts";
import { archiveBytesMax, indexBytesMax } from "./limits.ts";
import { Listings, type ListingAnswer, type ListingsOptions } from "./listings.ts";
import { printableAddress } from "./printable-address.ts";
import {
  condenseIndex,
  findEntry,
  type IndexEntry,
  readCondensedIndex,
  type RepositoryIndex,
} from "./repository-index.ts";

export interface HttpRepositoryOptions extends Omit<ListingsOptions<RepositoryIndex>, "parse"> {
  readonly http: HttpClient;
  readonly credentials: FindCredentials;
  /** Indexes may say that an archive lies in a registry. */
  readonly fetchFromRegistry: (reference: string, request: ChartRequest) => Promise<Uint8Array>;
}

/** Classic chart repositories: an `index.yaml`, and archives at the addresses that it gives. */
export class HttpRepositories {
  readonly #options: HttpRepositoryOptions;
  readonly #indexes: Listings<RepositoryIndex>;

  constructor(options: HttpRepositoryOptions) {
    this.#options = options;
    this.#indexes = new Listings({ ...options, parse: readCondensedIndex });
  }

  async fetch(request: ChartRequest): Promise<FetchedChart> {
    const base = baseOf(request);
    const url = resolveBelow("index.yaml", base).href;
    const entry = findEntry(await this.#indexes.get(url, (known) => this.#askIndex(url, known, request)), request);
    const cacheKey = `${base.href}\n${request.name}\n${entry.version}\n${entry.digest ?? ""}`;
    const found = await this.#options.cache.archive(cacheKey, () => this.#verified(base, entry, request));
    return { ...found, version: entry.version };
  }

  async #askIndex(url: string, known: KeptListing | undefined, request: ChartRequest): Promise<ListingAnswer> {
    const headers = { ...this.#authorization(url), ...(known?.etag ? { "if-none-match": known.etag } : {}) };
    const purpose = describe(request);
    const answer = await this.#options.http.get({ url, headers, bytesMax: indexBytesMax, purpose });
    if (answer.status === 304 && known) return "unchanged";
    expectFound(answer, url, request);
    const text = condenseIndex(Buffer.from(answer.body).toString("utf8"), `${purpose}: ${printableAddress(url)}`);
    return { text, etag: answer.headers.get("etag") ?? "" };
  }

  async #verified(base: URL, { location, digest }: IndexEntry, request: ChartRequest): Promise<Uint8Array> {
    const archive = location.startsWith("oci://")
      ? await this.#options.fetchFromRegistry(location, request)
      : await this.#download(base, location, request);
    if (digest !== undefined && sha256(archive) !== digest) {
      const message = `${describe(request)}: the archive is not the one that the index names (SHA-256 ${sha256(archive)}, expected ${digest})`;
      throw new ChartsError("digest-mismatch", message);
    }
    return archive;
  }

  async #download(base: URL, location: string, request: ChartRequest): Promise<Uint8Array> {
    if (location === "" || !URL.canParse(location, base)) {
      throw new ChartsError("invalid-answer", `${describe(request)}: the index gives no address of the archive`);
    }
    const url = URL.canParse(location) ? new URL(location) : resolveBelow(location, base);
    // The index decides where an archive lies; the repository's password is for the repository alone. An archive is
    // compressed already: a server that compresses it once more, or says so, would change what is verified.
    const credentials = url.origin === base.origin ? this.#authorization(base.href) : {};
    const answer = await this.#options.http.get({
      url: url.href,
      headers: { ...credentials, "accept-encoding": "identity" },
      bytesMax: archiveBytesMax,
      purpose: describe(request),
    });
    expectFound(answer, url.href, request);
    return answer.body;
  }

  #authorization(address: string): Record<string, string> {
    const url = new URL(address);
    const found = credentialsInAddress(url) ?? this.#options.credentials(url.host);
    return found ? { authorization: basicAuthorization(found) } : {};
  }
}

/** The address as a folder. A query belongs to all that lies in it, as Helm has it: some hosts take a token there. */
function baseOf(request: ChartRequest): URL {
  if (!URL.canParse(request.repository)) {
    throw new ChartsError("unsupported-address", `${describe(request)}: the repository is no address`);
  }
  const base = new URL(request.repository);
  base.pathname = base.pathname.replace(/\/*$/, "/");
  base.hash = "";
  return base;
}

function resolveBelow(location: string, base: URL): URL {
  const url = new URL(location, base);
  if (url.search === "" && url.origin === base.origin) url.search = base.search;
  return url;
}

function expectFound({ status }: HttpAnswer, url: string, request: ChartRequest): void {
  if (status === 200) return;
  const where = `${describe(request)}: ${printableAddress(url)}`;
  if (status === 401 || status === 403) {
    throw new ChartsError("unauthorized", `${where} asks for credentials (${status}); log in to the repository first`);
  }
  // What is wrong on the server's side may be over soon.
  if (status === 429 || status >= 500) throw new ChartsError("unreachable", `${where} answered ${status}; try later`);
  throw new ChartsError(status === 404 ? "not-found" : "invalid-answer", `${where} answered ${status}`);
}
