// Objects are made as strictly as an API server can: an unknown or double field is refused, and a warning counts as a fault.
import {
  createHttpsClient,
  Discovery,
  nameOf,
  resourcePath,
  type KubeAnswer,
  type KubeClient,
  type KubeObject,
} from "@fairway/kube-client";
import { parseKubeconfig } from "../diff/kubeconfig.ts";

export interface Creation {
  /** `Deployment shop-dev/orders-service` */
  readonly name: string;
  /** What the server had against it. */
  readonly complaints: readonly string[];
  /** What it made of it, defaults filled in. */
  readonly stored: unknown;
}

/** Makes them one after the other, and after what has a template of pods tries one, which admission looks at alone. */
export async function createObjects(kubeconfig: string, objects: readonly KubeObject[]): Promise<readonly Creation[]> {
  return withClient(kubeconfig, async (client) => {
    const creator = new Creator(client);
    const created: Creation[] = [];
    for (const object of objects) {
      created.push(await creator.create(object, {}));
      if (object.kind === "ResourceQuota") await creator.countFor(object);
      const isTemplate = ["Deployment", "StatefulSet"].includes(object.kind);
      if (isTemplate) created.push(await creator.create(podOf(object), { dryRun: "All" }));
    }
    return created;
  });
}

/** Over a socket: what a server warns of it says in headers. */
export async function withClient<T>(kubeconfig: string, use: (client: KubeClient) => Promise<T>): Promise<T> {
  const { server, ca, token, certificate, key } = parseKubeconfig(kubeconfig);
  const client = createHttpsClient({
    server,
    ...(ca === undefined ? {} : { certificateAuthority: ca }),
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
  });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

export function faultsOf(created: readonly Creation[]): readonly string[] {
  return created.flatMap(({ name, complaints }) => complaints.map((complaint) => `${name}: ${complaint}`));
}

class Creator {
  readonly #client: KubeClient;
  readonly #discovery: Discovery;

  constructor(client: KubeClient) {
    this.#client = client;
    this.#discovery = new Discovery(client);
  }

  async create(object: KubeObject, options: Readonly<Record<string, string>>): Promise<Creation> {
    const path = await this.#pathOf(object);
    const name = nameOf(object);
    if (path === undefined) return { name, complaints: ["the server has no such kind"], stored: undefined };
    const query = { fieldValidation: "Strict", fieldManager: "reference", ...options };
    const answer = await this.#client.request({ method: "POST", path, query, body: object });
    return { name, complaints: complaintsOf(answer), stored: answer.body };
  }

  /** No controller counts here; without numbers every pod would be refused. */
  async countFor(quota: KubeObject): Promise<void> {
    const { hard = {} } = quota["spec"] as { readonly hard?: Readonly<Record<string, string>> };
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
    const path = `${(await this.#pathOf(quota)) ?? ""}/${quota.metadata.name ?? ""}/status`;
    const contentType = "application/merge-patch+json";
    await this.#client.request({ method: "PATCH", path, contentType, body: { status: { hard, used } } });
  }

  async #pathOf({ apiVersion, kind, metadata }: KubeObject): Promise<string | undefined> {
    const resource = await this.#discovery.find(apiVersion, kind);
    return resource && resourcePath(resource, { namespace: metadata.namespace });
  }
}

function complaintsOf({ status, body, warnings = [] }: KubeAnswer): readonly string[] {
  const refusal = status === 201 ? [] : [`${status}: ${(body as { readonly message?: string }).message ?? ""}`];
  return [...refusal, ...warnings.map((warning) => `warning: ${warning}`)];
}

interface PodOwner {
  readonly template: Pick<KubeObject, "metadata"> & { readonly spec: { readonly volumes?: readonly unknown[] } };
  readonly volumeClaimTemplates?: readonly Pick<KubeObject, "metadata">[];
}

/** As its controller would make it. */
function podOf(owner: KubeObject): KubeObject {
  const { template, volumeClaimTemplates = [] } = owner["spec"] as PodOwner;
  const { name = "", namespace = "" } = owner.metadata;
  const metadata = { ...template.metadata, name: `${name}-tried`, namespace };
  const claims = volumeClaimTemplates.map((claim) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}-0` },
  }));
  const { volumes = [], ...spec } = template.spec;
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { ...spec, volumes: [...volumes, ...claims] } };
}
