import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeClient } from "@fairway/kube-client";
import { startCluster } from "../../server/cluster.ts";

const patienceMs = 120_000;
const devices = "/apis/resource.k8s.io/v1";
const pods = "/api/v1/namespaces/default/pods";
const claims = `${devices}/namespaces/default/resourceclaims`;

interface Answer {
  readonly metadata: { readonly name: string; readonly finalizers?: readonly string[] };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly allocation?: { readonly devices: { readonly results: readonly { readonly device: string }[] } };
    readonly reservedFor?: readonly { readonly name: string }[];
    readonly resourceClaimStatuses?: readonly { readonly resourceClaimName: string }[];
    readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
  };
  readonly items: readonly Answer[];
}

async function post(client: KubeClient, path: string, body: unknown): Promise<void> {
  const answer = await client.request({ method: "POST", path, body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}

async function until<T>(client: KubeClient, path: string, look: (body: Answer) => T | undefined | false): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { body } = await client.request({ method: "GET", path });
    const found = look(body as Answer);
    if (found !== undefined && found !== false) return found;
    assert.ok(performance.now() < deadline, JSON.stringify(body));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function refusal({ status }: Answer): string | undefined {
  return status.conditions?.find(({ type }) => type === "PodScheduled")?.message;
}

test("a pod gets devices by a claim made from a template, and gives them back when it goes", async (t) => {
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "controllers", log: () => undefined });
  t.after(() => cluster.close());
  const { client } = cluster;
  const amounts = { cpu: "4", memory: "4Gi", pods: "10" };
  const ready = { type: "Ready", status: "True", lastHeartbeatTime: new Date().toISOString() };
  const status = { allocatable: amounts, capacity: amounts, conditions: [ready] };
  await post(client, "/api/v1/nodes", { metadata: { name: "here" } });
  const contentType = "application/merge-patch+json";
  await client.request({ method: "PATCH", path: "/api/v1/nodes/here/status", contentType, body: { status } });
  await post(client, `${devices}/deviceclasses`, { metadata: { name: "gpu" }, spec: {} });
  const request = { name: "g", exactly: { deviceClassName: "gpu" } };
  await post(client, `${devices}/namespaces/default/resourceclaimtemplates`, {
    metadata: { name: "one-gpu" },
    spec: { metadata: { labels: { made: "yes" } }, spec: { devices: { requests: [request] } } },
  });
  await until(client, "/api/v1/namespaces/default/serviceaccounts/default", ({ metadata }) => metadata?.name);
  const pod = (name: string) => ({
    metadata: { name },
    spec: {
      resourceClaims: [{ name: "dev", resourceClaimTemplateName: "one-gpu" }],
      containers: [{ name: "c", image: "i", resources: { claims: [{ name: "dev" }] } }],
      tolerations: [{ operator: "Exists" }],
    },
  });
  await post(client, pods, pod("first"));
  const words =
    "0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, " +
    "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
  await until(client, `${pods}/first`, (each) => refusal(each) === words);
  const name = await until(
    client,
    `${pods}/first`,
    (each) => each.status.resourceClaimStatuses?.[0]?.resourceClaimName,
  );
  assert.match(name, /^first-dev-/);
  const pool = { name: "here", generation: 1, resourceSliceCount: 1 };
  await post(client, `${devices}/resourceslices`, {
    metadata: { name: "s" },
    spec: { driver: "gpu.example.com", nodeName: "here", pool, devices: [{ name: "gpu-0" }] },
  });
  assert.equal(await until(client, `${pods}/first`, ({ spec }) => spec.nodeName), "here");
  const claim = await until(client, `${claims}/${name}`, (each) => each.status.allocation !== undefined && each);
  assert.equal(claim.status.allocation?.devices.results[0]?.device, "gpu-0");
  assert.deepEqual(
    claim.status.reservedFor?.map((each) => each.name),
    ["first"],
  );
  assert.deepEqual(claim.metadata.finalizers, ["resource.kubernetes.io/delete-protection"]);
  await post(client, pods, pod("second"));
  await until(client, `${pods}/second`, refusal);
  const now = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 };
  await client.request({ method: "DELETE", path: `${pods}/first`, body: now });
  assert.equal(await until(client, `${pods}/second`, ({ spec }) => spec.nodeName), "here");
  await until(client, claims, ({ items }) => items.every(({ metadata }) => metadata.name !== name));
});
