// An informer of @kubernetes/client-node follows changes while its connections are cut again and again.
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from "@kubernetes/client-node";
import { ClusterClient } from "../diff/cluster-client.ts";
import { kubeconfigText, type ClusterAccess } from "../diff/kubeconfig.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { Ledger, type FollowReport } from "./ledger.ts";
import { changesOfObject, connectionLifetimeMs, firstCutMs, followPatienceMs, writersAtOnce } from "./limits.ts";

export async function followWithClientNode(access: ClusterAccess, changes: number): Promise<FollowReport> {
  const objects = Math.ceil(changes / changesOfObject);
  const client = new ClusterClient(access);
  const proxy = await startCuttingProxy(access.server, connectionLifetimeMs);
  try {
    const namespace = nameIn(
      await send(client, "POST", "/api/v1/namespaces", { metadata: { generateName: "follow-" } }),
    );
    const ledger = new Ledger(objects);
    const informer = informerOf({ ...access, server: proxy.url }, namespace, ledger);
    await informer.start();
    const started = performance.now();
    const names = Array.from({ length: objects }, (_, index) => `object-${index}`);
    const half = Math.ceil(objects / 2);
    await writeAll(client, namespace, names.slice(0, half));
    // However fast both are, some changes come after a cut.
    await waitUntil(() => proxy.cuts() > 0, { timeoutMs: firstCutMs, what: "a cut connection" });
    await writeAll(client, namespace, names.slice(half));
    await waitUntil(async () => ledger.isComplete, { timeoutMs: followPatienceMs, what: "every change is seen" }).catch(
      () => undefined,
    );
    await informer.stop();
    await send(client, "DELETE", `/api/v1/namespaces/${namespace}`);
    const seconds = (performance.now() - started) / 1000;
    const { seen, missed, twice } = ledger;
    return { library: "client-node", changes: ledger.changes, seen, missed, twice, reconnects: proxy.cuts(), seconds };
  } finally {
    await proxy.close();
    client.close();
  }
}

interface Running {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

function informerOf(access: ClusterAccess, namespace: string, ledger: Ledger): Running {
  const config = new KubeConfig();
  config.loadFromString(kubeconfigText(access, namespace));
  const api = config.makeApiClient(CoreV1Api);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer(config, path, async () => api.listNamespacedConfigMap({ namespace }));
  const changed = ({ metadata, data }: V1ConfigMap): void => {
    const number = Number(data?.["number"]);
    if (!Number.isNaN(number)) ledger.note(metadata?.name ?? "", number);
  };
  informer.on("add", changed);
  informer.on("update", changed);
  informer.on("delete", ({ metadata }) => {
    if (!metadata?.name?.endsWith(".crt")) ledger.note(metadata?.name ?? "", changesOfObject);
  });
  let stopped = false;
  informer.on("error", () => {
    // It goes on from where it was; at once would be a loop where the server is gone.
    if (!stopped) void sleep(50).then(async () => (stopped ? undefined : informer.start()));
  });
  return {
    start: async () => informer.start(),
    stop: async () => {
      stopped = true;
      await informer.stop();
    },
  };
}

async function writeAll(client: ClusterClient, namespace: string, names: readonly string[]): Promise<void> {
  const waiting = [...names];
  const write = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      await writeOne(client, `/api/v1/namespaces/${namespace}/configmaps`, name);
  };
  await Promise.all(Array.from({ length: writersAtOnce }, write));
}

/** The changes of one object, one after the other. */
async function writeOne(client: ClusterClient, collection: string, name: string): Promise<void> {
  await send(client, "POST", collection, { metadata: { name }, data: { number: "1" } });
  for (let number = 2; number < changesOfObject; number++)
    await send(client, "PATCH", `${collection}/${name}`, { data: { number: String(number) } });
  await send(client, "DELETE", `${collection}/${name}`);
}

async function send(client: ClusterClient, method: string, path: string, body?: object): Promise<string> {
  const headers = method === "PATCH" ? ([["Content-Type", "application/merge-patch+json"]] as const) : [];
  const answer = await client.send({ method, path, headers, body: body === undefined ? "" : JSON.stringify(body) });
  if (answer.status >= 400) throw new OracleError("command-failed", `${method} ${path}: ${answer.body}`);
  return answer.body;
}

function nameIn(body: string): string {
  const object = JSON.parse(body) as { readonly metadata: { readonly name: string } };
  return object.metadata.name;
}
