import { Agent, request } from "node:https";

export interface RealServer {
  get(path: string, accept?: string): Promise<unknown>;
  /** By kind, the columns of the server's tables. */
  columns(): Promise<Record<string, readonly unknown[]>>;
  close(): void;
}

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly {
        readonly resource: string;
        readonly responseKind: { readonly kind: string };
        readonly verbs: readonly string[];
      }[];
    }[];
  }[];
}

interface Table {
  readonly columnDefinitions?: readonly { readonly [field: string]: unknown }[];
}

const DISCOVERY = "application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

export function connectTo(kubeconfig: string): RealServer {
  const config = JSON.parse(kubeconfig) as {
    clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
    users: { user: { token: string } }[];
  };
  const cluster = config.clusters[0]?.cluster;
  const agent = new Agent({
    ca: Buffer.from(cluster?.["certificate-authority-data"] ?? "", "base64"),
    keepAlive: true,
  });
  const get = (path: string, accept = "application/json"): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const headers = { authorization: `Bearer ${config.users[0]?.user.token ?? ""}`, accept };
    request(new URL(path, cluster?.server), { agent, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve(JSON.parse(text))).on("error", reject);
    })
      .on("error", reject)
      .end();
    return promise;
  };
  return { get, columns: () => columnsOf(get), close: () => agent.destroy() };
}

async function columnsOf(get: RealServer["get"]): Promise<Record<string, readonly unknown[]>> {
  const columns: Record<string, readonly unknown[]> = {};
  for (const root of ["/api", "/apis"]) {
    const groups = (await get(root, DISCOVERY)) as Discovery;
    for (const { metadata, versions } of groups.items) {
      for (const { version, resources } of versions) {
        for (const { resource, responseKind } of resources.filter(({ verbs }) => verbs.includes("list"))) {
          const path = [root, metadata.name, version, resource].filter(Boolean).join("/");
          const table = (await get(path, TABLE)) as Table;
          const group = metadata.name ? `${metadata.name}/` : "";
          columns[`${group}${version}/${responseKind.kind}`] = (table.columnDefinitions ?? []).map(
            ({ name, type, format, priority }) => ({ name, type, format, priority }),
          );
        }
      }
    }
  }
  return columns;
}
