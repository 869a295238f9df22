import type { KubeClient } from "../kube-client.ts";
import { failureOf } from "../kube-error.ts";
import { groupVersionPath } from "./resource-kind.ts";
import type { ResourceKind } from "./resource-kind.ts";

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
  }[];
}

/** Which kinds a cluster serves; each group version is asked for once, until it is forgotten. */
export class Discovery {
  readonly #client: KubeClient;
  readonly #known = new Map<string, Promise<readonly ResourceKind[]>>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Undefined when the cluster serves no such kind. */
  async find(apiVersion: string, kind: string, signal?: AbortSignal): Promise<ResourceKind | undefined> {
    return (await this.kindsOf(apiVersion, signal)).find((each) => each.kind === kind);
  }

  /** Empty when the cluster does not serve the group version. */
  async kindsOf(apiVersion: string, signal?: AbortSignal): Promise<readonly ResourceKind[]> {
    const known = this.#known.get(apiVersion) ?? this.#ask(apiVersion, signal);
    this.#known.set(apiVersion, known);
    try {
      return await known;
    } catch (error) {
      this.forget(apiVersion);
      throw error;
    }
  }

  /** Every kind that can be listed, in the version that the server prefers. */
  async all(signal?: AbortSignal): Promise<readonly ResourceKind[]> {
    const request = { method: "GET", path: "/apis", ...(signal === undefined ? {} : { signal }) } as const;
    const answer = await this.#client.request(request);
    if (answer.status !== 200) throw failureOf(request, answer);
    const { groups = [] } = answer.body as { groups?: readonly { preferredVersion?: { groupVersion?: string } }[] };
    const versions = ["v1", ...groups.flatMap((each) => each.preferredVersion?.groupVersion ?? [])];
    const kinds = await Promise.all(versions.map((each) => this.kindsOf(each, signal)));
    return kinds.flat().filter((each) => each.verbs.includes("list"));
  }

  forget(apiVersion: string): void {
    this.#known.delete(apiVersion);
  }

  async #ask(apiVersion: string, signal: AbortSignal | undefined): Promise<readonly ResourceKind[]> {
    const path = groupVersionPath(apiVersion);
    const request = { method: "GET", path, ...(signal === undefined ? {} : { signal }) } as const;
    const answer = await this.#client.request(request);
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw failureOf(request, answer);
    const [version = "", group = ""] = apiVersion.split("/").toReversed();
    const { resources = [] } = answer.body as ResourceList;
    return resources
      .filter(({ name }) => !name.includes("/"))
      .map(({ name, kind, namespaced, verbs = [] }) => ({
        group,
        version,
        kind,
        plural: name,
        isNamespaced: namespaced,
        verbs,
      }));
  }
}
