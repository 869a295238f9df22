import { ChartCache } from "./chart-cache.ts";
import { describe, type ChartRequest, type FetchedChart } from "./chart-request.ts";
import { ChartsError } from "./charts-error.ts";
import type { FindCredentials } from "./credentials.ts";
import { HttpClient } from "./http-client.ts";
import { HttpRepositories } from "./http-repository.ts";
import { OciRegistries } from "./oci-registry.ts";

export interface ChartStoreOptions {
  readonly cacheDirectory: string;
  readonly credentials?: FindCredentials;
  readonly signal?: AbortSignal;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
}

/** Any chart by its address, from the cache where it was fetched before. Equal questions of one run are asked once. */
export class ChartStore {
  readonly #http: HttpRepositories;
  readonly #oci: OciRegistries;
  readonly #asked = new Map<string, Promise<FetchedChart>>();

  constructor(options: ChartStoreOptions) {
    const http = new HttpClient({
      signal: options.signal ?? new AbortController().signal,
      fetch: options.fetch ?? fetch,
    });
    const cache = new ChartCache(options.cacheDirectory);
    const credentials = options.credentials ?? (() => undefined);
    this.#http = new HttpRepositories({ http, cache, credentials, now: options.now ?? Date.now });
    this.#oci = new OciRegistries({ http, cache, credentials, isPlain: isLoopback });
  }

  fetch(request: ChartRequest): Promise<FetchedChart> {
    const key = `${request.repository}\n${request.name}\n${request.version}`;
    const known = this.#asked.get(key);
    if (known) return known;
    const asked = this.#route(request);
    this.#asked.set(key, asked);
    return asked;
  }

  async #route(request: ChartRequest): Promise<FetchedChart> {
    if (/^https?:\/\//.test(request.repository)) return this.#http.fetch(request);
    // Argo CD writes the address of a registry without a scheme.
    if (request.repository.startsWith("oci://") || /^[\w.-]+(:\d+)?\//.test(`${request.repository}/`))
      return this.#oci.fetch(request);
    throw new ChartsError(
      "unsupported-address",
      `${describe(request)}: the address begins with neither https:// nor oci://`,
    );
  }
}

/** Registries on this machine are spoken to without TLS, as Docker does. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}
