import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import type { KubeObject } from "../object/kube-object.ts";
import type { Node } from "../model/node.ts";
import type { Pod } from "../model/pod.ts";
import { startCluster, type Cluster, type ClusterOptions } from "../server/cluster.ts";

const patienceMs = 120_000;
const clusters: Cluster[] = [];

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function clusterOf(count: number, more: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const cluster = await startCluster({
    folder: undefined,
    port: 0,
    parts: "controllers",
    simulatedNodes: { count, cpu: "4", memory: "8Gi" },
    log: () => undefined,
    ...more,
  });
  clusters.push(cluster);
  return cluster;
}

async function list<T extends KubeObject>({ client }: Cluster, path: string): Promise<T[]> {
  const { body } = await client.request({ method: "GET", path });
  return (body as { items?: T[] }).items ?? [];
}

async function make({ client }: Cluster, path: string, body: object): Promise<void> {
  const answer = await client.request({ method: "POST", path, body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, `${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const podsPath = "/api/v1/namespaces/default/pods";
const container = { name: "main", image: "registry.example.com/web:1", resources: { requests: { cpu: "1" } } };

function readyNodes(cluster: Cluster, count: number): Promise<Node[]> {
  return until(`${count} ready nodes`, async () => {
    const nodes = await list<Node>(cluster, "/api/v1/nodes");
    const isReady = ({ status }: Node): boolean =>
      status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true;
    return nodes.length === count && nodes.every(isReady) ? nodes : undefined;
  });
}

test("a deployment spreads over simulated nodes, and what has no room stays pending", async () => {
  const cluster = await clusterOf(3);
  await readyNodes(cluster, 3);
  const labels = { app: "web" };
  await make(cluster, "/apis/apps/v1/namespaces/default/deployments", {
    metadata: { name: "web" },
    spec: {
      replicas: 14,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  });
  const pods = await until("12 running pods of 14", async () => {
    const all = await list<Pod>(cluster, podsPath);
    const running = all.filter(({ status }) => status?.phase === "Running");
    return running.length === 12 && all.length === 14 ? all : undefined;
  });
  const perNode = Map.groupBy(pods, ({ spec }) => spec.nodeName ?? "nowhere");
  assert.deepEqual(
    ["simulated-1", "simulated-2", "simulated-3", "nowhere"].map((name) => perNode.get(name)?.length),
    [4, 4, 4, 2],
  );
  const addresses = pods.flatMap(({ status }) => status?.podIP ?? []);
  assert.equal(new Set(addresses).size, 12, addresses.join(" "));
  await until("12 ready replicas", async () => {
    const path = "/apis/apps/v1/namespaces/default/deployments/web";
    const { body } = await cluster.client.request({ method: "GET", path });
    return (body as { status: { readyReplicas?: number } }).status.readyReplicas === 12 ? true : undefined;
  });
});

test("a job on simulated nodes completes, and a deleted pod goes", async () => {
  const cluster = await clusterOf(1);
  await readyNodes(cluster, 1);
  await make(cluster, "/apis/batch/v1/namespaces/default/jobs", {
    metadata: { name: "once" },
    spec: {
      template: {
        spec: { restartPolicy: "Never", initContainers: [{ ...container, name: "before" }], containers: [container] },
      },
    },
  });
  await until("a complete job", async () => {
    const [job] = await list<KubeObject & { status?: { succeeded?: number } }>(
      cluster,
      "/apis/batch/v1/namespaces/default/jobs",
    );
    return job?.status?.succeeded === 1 ? true : undefined;
  });
  await cluster.client.request({ method: "DELETE", path: podsPath });
  await until("no pods", async () => ((await list(cluster, podsPath)).length === 0 ? true : undefined));
});

test("fewer nodes at the next start are fewer", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-simulated-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await clusterOf(3, { folder });
  await readyNodes(first, 3);
  await first.close();
  const second = await clusterOf(1, { folder });
  const [node] = await readyNodes(second, 1);
  assert.equal(node?.metadata.name, "simulated-1");
});

test("a node that falls silent starts no pods, and the others go on", async () => {
  const cluster = await clusterOf(2);
  await readyNodes(cluster, 2);
  await cluster.client.request({
    method: "PATCH",
    path: "/api/v1/nodes/simulated-2",
    contentType: "application/merge-patch+json",
    body: { metadata: { annotations: { "fairway.dev/heartbeat": "stopped" } } },
  });
  const add = (name: string, nodeName: string): Promise<void> =>
    make(cluster, podsPath, { metadata: { name }, spec: { nodeName, containers: [container] } });
  const run = async (name: string): Promise<void> => {
    await add(name, "simulated-1");
    await until(`${name} running`, async () => {
      const pods = await list<Pod>(cluster, podsPath);
      const { status } = pods.find(({ metadata }) => metadata.name === name) ?? {};
      return status?.phase === "Running" ? true : undefined;
    });
  };
  // When the first one runs, the silence is known as well; when the second one does, the pod between them had its turn.
  await run("here");
  await add("there", "simulated-2");
  await run("here-too");
  const there = (await list<Pod>(cluster, podsPath)).find(({ metadata }) => metadata.name === "there");
  assert.equal(there?.status?.phase, "Pending");
});

test("beside a real node only what tolerates it comes to a simulated one", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-simulated-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const cluster = await clusterOf(1, { folder, parts: "node" });
  const nodes = await readyNodes(cluster, 2);
  const taints = nodes.map(({ metadata, spec }) => [metadata.name, spec?.taints?.map(({ key }) => key)] as const);
  assert.deepEqual(new Map(taints).get("simulated-1"), ["fairway.dev/simulated"]);
  assert.equal(new Map(taints).get("fairway"), undefined);
  await cluster.close();
  clusters.splice(0);
});
