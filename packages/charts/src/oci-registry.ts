import { parseVersion } from "@fairway/helm";
import { bestVersion } from "./best-version.ts";
import { sha256, type ChartCache } from "./chart-cache.ts";
import { describe, type ChartRequest, type FetchedChart } from "./chart-request.ts";
import { ChartsError } from "./charts-error.ts";
import { archiveBytesMax, documentBytesMax, tagPageLength, tagPagesMax } from "./limits.ts";
import { Listings, type ListingsOptions } from "./listings.ts";
import { parseReference, repositoryOf, type OciRepository } from "./oci-repository.ts";
import { jsonObject, RegistryClient, type RegistryClientOptions } from "./registry-client.ts";
import { listed } from "./repository-index.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const chartLayers = [
  "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
  // Of charts pushed before Helm 3.7.
  "application/tar+gzip",
];

export interface OciRegistryOptions extends RegistryClientOptions, Omit<ListingsOptions<readonly string[]>, "parse"> {
  readonly cache: ChartCache;
}

/** Charts in registries, by the OCI distribution specification 1.1. */
export class OciRegistries {
  readonly #options: OciRegistryOptions;
  readonly #client: RegistryClient;
  readonly #tags: Listings<readonly string[]>;

  constructor(options: OciRegistryOptions) {
    this.#options = options;
    this.#client = new RegistryClient(options);
    this.#tags = new Listings({ ...options, parse: (text) => JSON.parse(text) as readonly string[] });
  }

  async fetch(request: ChartRequest): Promise<FetchedChart> {
    const repository = repositoryOf(request, this.#options.isPlain);
    const version = await this.#resolve(repository, request);
    const tag = version.replaceAll("+", "_");
    const found = await this.#options.cache.archive(`${repository.base}\n${version}`, () =>
      this.#pull(repository, tag, request),
    );
    return { ...found, version };
  }

  /** The archive at a complete reference, as the index of an HTTP repository may give it. */
  async fetchReference(reference: string, request: ChartRequest): Promise<Uint8Array> {
    const { repository, tag } = parseReference(reference, request, this.#options.isPlain);
    return this.#pull(repository, tag.replaceAll("+", "_"), request);
  }

  /** As in Helm, whatever is a version is a tag; only constraints are looked up. */
  async #resolve(repository: OciRepository, request: ChartRequest): Promise<string> {
    if (parseVersion(request.version)) return request.version;
    const versions = await this.#tags.get(`${repository.base}tags/list`, async () => ({
      text: JSON.stringify(await this.#askVersions(repository, request)),
      etag: "",
    }));
    const version = bestVersion(request.version, versions);
    if (version !== undefined) return version;
    throw new ChartsError("no-version", `${describe(request)}: no such version; ${listed(versions)}`);
  }

  /** The tags that are versions. A tag can't hold `+`; Helm writes it as `_`. */
  async #askVersions(repository: OciRepository, request: ChartRequest): Promise<readonly string[]> {
    const versions: string[] = [];
    let path: string | undefined = `tags/list?n=${tagPageLength}`;
    for (let page = 0; path !== undefined; page++) {
      if (page === tagPagesMax) {
        const message = `${describe(request)}: the registry has more than ${tagPagesMax} pages of tags; name the version`;
        throw new ChartsError("too-large", message);
      }
      const answer = await this.#client.get(repository, { path, bytesMax: documentBytesMax }, request);
      const { tags } = jsonObject(answer, request);
      for (const tag of Array.isArray(tags) ? tags : []) {
        const version = typeof tag === "string" ? tag.replaceAll("_", "+") : "";
        if (/^\d+\.\d+\.\d+(-|\+|$)/.test(version) && parseVersion(version)) versions.push(version);
      }
      path = nextPage(answer.headers.get("link"));
    }
    return versions;
  }

  async #pull(repository: OciRepository, tag: string, request: ChartRequest): Promise<Uint8Array> {
    const layer = await this.#chartLayer(repository, tag, request);
    const answer = await this.#client.get(repository, { path: `blobs/${layer}`, bytesMax: archiveBytesMax }, request);
    if (`sha256:${sha256(answer.body)}` === layer) return answer.body;
    throw new ChartsError("digest-mismatch", `${describe(request)}: the registry sent other content than ${layer}`);
  }

  async #chartLayer(repository: OciRepository, tag: string, request: ChartRequest): Promise<string> {
    const path = `manifests/${tag}`;
    const ask = { path, bytesMax: documentBytesMax, accept: `${manifestType}, */*` };
    const { layers } = jsonObject(await this.#client.get(repository, ask, request), request);
    const found = (Array.isArray(layers) ? layers : []).find((layer) => chartLayers.includes(layer?.mediaType));
    if (typeof found?.digest === "string" && /^sha256:[0-9a-f]{64}$/.test(found.digest)) return found.digest;
    throw new ChartsError("invalid-answer", `${describe(request)}: ${repository.base}${path} is no Helm chart`);
  }
}

/** RFC 8288, as registries write it. */
function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>;\s*rel="?next"?/.exec(link ?? "")?.[1];
}
