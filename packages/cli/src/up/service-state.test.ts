import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startCluster, type Cluster } from "@fairway/cluster";
import { serviceStates } from "./service-state.ts";

const namespace = "shop-dev";
const labels = { "app.kubernetes.io/name": "orders-service", "app.kubernetes.io/version": "1.2.3" };

describe("the state of a service", () => {
  let cluster: Cluster;

  before(async () => {
    cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
    await create("/api/v1/namespaces", { kind: "Namespace", metadata: { name: namespace } });
    await create(`/api/v1/namespaces/${namespace}/serviceaccounts`, {
      kind: "ServiceAccount",
      metadata: { name: "default" },
    });
    const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "orders" }] } };
    await create(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
      kind: "Deployment",
      metadata: { name: "orders-service", labels },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    });
    await create(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, {
      kind: "Ingress",
      metadata: { name: "orders-service" },
      spec: {
        rules: [
          {
            host: "shop.dev.localhost",
            http: {
              paths: [
                {
                  path: "/orders",
                  pathType: "Prefix",
                  backend: { service: { name: "orders-service", port: { name: "http" } } },
                },
              ],
            },
          },
        ],
      },
    });
    await create(`/api/v1/namespaces/${namespace}/pods`, {
      kind: "Pod",
      metadata: { name: "orders-1", labels },
      spec: { containers: [{ name: "main", image: "orders" }] },
    });
  });

  after(() => cluster.close());

  async function create(path: string, object: object): Promise<void> {
    const { status, body } = await cluster.client.request({ method: "POST", path, body: object });
    assert.equal(status, 201, JSON.stringify(body));
  }

  async function setStatus(path: string, status: object): Promise<void> {
    const answer = await cluster.client.request({
      method: "PATCH",
      path: `${path}/status`,
      contentType: "application/merge-patch+json",
      body: { status },
    });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  }

  const deployed = (status: object): Promise<void> =>
    setStatus(`/apis/apps/v1/namespaces/${namespace}/deployments/orders-service`, {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 0,
      availableReplicas: 0,
      ...status,
    });

  const podIs = (status: object): Promise<void> => setStatus(`/api/v1/namespaces/${namespace}/pods/orders-1`, status);

  const container = (state: object, more: object = {}): object => ({
    phase: "Running",
    containerStatuses: [
      { name: "main", image: "orders", imageID: "", ready: false, restartCount: 0, state, lastState: {}, ...more },
    ],
  });

  const state = async (service = "orders-service"): Promise<Record<string, unknown>> => ({
    ...(await serviceStates(cluster.client, [{ service, namespace }]))[0],
  });

  it("is missing when the cluster has no Deployment of its name", async () => {
    assert.equal((await state("billing-service"))["health"], "missing");
  });

  it("starts while its pods come up, and tells its version and its addresses", async () => {
    await deployed({});
    await podIs(container({ waiting: { reason: "ContainerCreating" } }));
    const { health, version, ready, wanted, addresses } = await state();
    assert.deepEqual(
      { health, version, ready, wanted, addresses },
      { health: "starting", version: "1.2.3", ready: 0, wanted: 2, addresses: ["http://shop.dev.localhost/orders"] },
    );
  });

  it("fails with the words of the kubelet when an image can't be had", async () => {
    await podIs(container({ waiting: { reason: "ErrImagePull", message: "no such image" } }));
    assert.deepEqual(pick(await state()), { health: "failing", reason: "ErrImagePull: no such image" });
  });

  it("fails when its container ends again and again, and names the pod whose log says why", async () => {
    const lastState = { terminated: { exitCode: 78, reason: "Error" } };
    await podIs(container({ waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 3, lastState }));
    const found = await state();
    assert.deepEqual(pick(found), {
      health: "failing",
      reason: "it ended with 78 (Error); it was started again 3 times",
    });
    assert.equal(found["failingPod"], "orders-1");
  });

  it("fails for want of memory, and says which field gives it more", async () => {
    const terminated = { exitCode: 137, reason: "OOMKilled" };
    await podIs(container({ waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 1, lastState: { terminated } }));
    const reason = "it used more memory than resources.limits.memory allows (OOMKilled); it was started again once";
    assert.deepEqual(pick(await state()), { health: "failing", reason });
  });

  it("is healthy when all replicas of its last version are available", async () => {
    await podIs(container({ running: {} }, { ready: true }));
    await deployed({ readyReplicas: 2, availableReplicas: 2 });
    assert.equal((await state())["health"], "healthy");
  });

  it("is not healthy by the replicas of the version before", async () => {
    await deployed({ updatedReplicas: 1, replicas: 3, readyReplicas: 2, availableReplicas: 2 });
    assert.equal((await state())["health"], "starting");
  });

  it("fails when its pods may not be made", async () => {
    const message = "exceeded quota: memory";
    await deployed({ conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }] });
    assert.deepEqual(pick(await state()), { health: "failing", reason: message });
  });
});

function pick({ health, reason }: Record<string, unknown>): object {
  return { health, reason };
}
