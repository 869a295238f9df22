import { ChartCache } from "./chart-cache.ts";
import { describe, type ChartRequest, type FetchedChart } from "./chart-request.ts";
import { ChartsError } from "./charts-error.ts";
import type { FindCredentials } from "./credentials.ts";
import { HttpClient } from "./http-client.ts";
import { HttpRepositories } from "./http-repository.ts";
import { idleTimeoutMs } from "./limits.ts";
import { OciRegistries } from "./oci-registry.ts";
import { SingleFlight } from "./single-flight.ts";

export interface ChartStoreOptions {
  readonly cacheDirectory: string;
  readonly credentials?: FindCredentials;
  readonly signal?: AbortSignal;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
  /** How long a server may send nothing. */
  readonly idleTimeoutMs?: number;
  /** Told when a server is out of reach and what it offered earlier is used instead. */
  readonly onStale?: (message: string) => void;
}

/** Any chart by its address, from the cache where it was fetched before. Equal questions at one time are asked once. */
export class ChartStore {
  readonly #http: HttpRepositories;
  readonly #oci: OciRegistries;
  readonly #asked = new SingleFlight<FetchedChart>();

  constructor(options: ChartStoreOptions) {
    const http = new HttpClient({
      signal: options.signal ?? new AbortController().signal,
      fetch: options.fetch ?? fetch,
      idleTimeoutMs: options.idleTimeoutMs ?? idleTimeoutMs,
    });
    const shared = {
      http,
      cache: new ChartCache(options.cacheDirectory),
      credentials: options.credentials ?? (() => undefined),
      now: options.now ?? Date.now,
      onStale: options.onStale ?? (() => undefined),
    };
    this.#oci = new OciRegistries({ ...shared, isPlain: isLoopback });
    this.#http = new HttpRepositories({
      ...shared,
      fetchFromRegistry: (reference, request) => this.#oci.fetchReference(reference, request),
    });
  }

  fetch(request: ChartRequest): Promise<FetchedChart> {
    const { repository, name, version } = request;
    return this.#asked.run(JSON.stringify([repository, name, version]), () => this.#route(request));
  }

  async #route(request: ChartRequest): Promise<FetchedChart> {
    if (/^https?:\/\//i.test(request.repository)) return this.#http.fetch(request);
    if (request.repository.startsWith("oci://") || isBareRegistry(request.repository)) return this.#oci.fetch(request);
    throw new ChartsError(
      "unsupported-address",
      `${describe(request)}: the address begins with neither https:// nor oci://`,
    );
  }
}

/** Argo CD writes the address of a registry without a scheme; like Docker's, its host has a dot or a port. */
function isBareRegistry(repository: string): boolean {
  return /^([\w-]+(\.[\w-]+)+(:\d+)?|[\w-]+:\d+|localhost)(\/|$)/.test(repository);
}

/** Registries on this machine are spoken to without TLS, as Docker does. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}
