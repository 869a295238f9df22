import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inProcessServer, namespace, pod, type InProcessServer } from "../../admission/tests/in-process-server.ts";

let server: InProcessServer;
before(async () => (server = await inProcessServer()));
after(() => server.close());

describe("a pod", () => {
  test("gets its node once, and says where it runs as the node does", async () => {
    const labels = { "topology.kubernetes.io/zone": "north" };
    await server.admin.create("/api/v1/nodes", { metadata: { name: "n", labels } });
    await server.admin.create(`${namespace}/pods`, pod("bound"));
    const binding = { metadata: { name: "bound" }, target: { kind: "Node", name: "n" } };
    assert.equal((await server.admin.create(`${namespace}/pods/bound/binding`, binding)).status, 201);
    const again = await server.admin.create(`${namespace}/pods/bound/binding`, binding);
    assert.equal(again.status, 409);
    assert.equal(
      again.message,
      'Operation cannot be fulfilled on pods/binding "bound": pod bound is already assigned to node "n"',
    );
    const { object } = await server.admin.get(`${namespace}/pods/bound`);
    assert.equal((object["spec"] as { nodeName: string }).nodeName, "n");
    assert.deepEqual(object.metadata.labels, labels);
  });

  test("gets containers to look into it, which never change", async () => {
    await server.admin.create(`${namespace}/pods`, pod("looked-into"));
    const path = `${namespace}/pods/looked-into/ephemeralcontainers`;
    const debug = { name: "debug", image: "i" };
    const added = await server.admin.patch(path, { spec: { ephemeralContainers: [debug] } });
    assert.equal(added.status, 200, added.message);
    assert.equal((added.object["spec"] as { ephemeralContainers: readonly unknown[] }).ephemeralContainers.length, 1);
    const gone = await server.admin.patch(path, { spec: { ephemeralContainers: [] } });
    assert.match(gone.message, /existing ephemeral containers "debug" may not be removed/);
  });

  test("gets more or less of a processor while it runs, but nothing else", async () => {
    const container = { name: "c", image: "i", resources: { requests: { cpu: "100m" }, limits: { cpu: "200m" } } };
    await server.admin.create(`${namespace}/pods`, pod("resized", { containers: [container] }));
    const path = `${namespace}/pods/resized/resize`;
    const resources = { requests: { cpu: "150m" }, limits: { cpu: "300m" } };
    const resized = await server.admin.patch(path, { spec: { containers: [{ ...container, image: "j", resources }] } });
    assert.equal(resized.status, 200, resized.message);
    const [only] = (resized.object["spec"] as { containers: readonly { image: string; resources: unknown }[] })
      .containers;
    assert.deepEqual([only?.image, only?.resources], ["i", resources]);
    const less = await server.admin.patch(path, {
      spec: { containers: [{ ...container, resources: { requests: { cpu: "1m" } } }] },
    });
    const none = await server.admin.patch(path, { spec: { containers: null } });
    assert.match(none.message, /spec\.containers: Forbidden: containers may not be added or removed on resize/);
    assert.match(
      less.message,
      /spec\.containers\[0\]\.resources\.limits: Forbidden: resource limits cannot be removed/,
    );
  });
});

describe("an eviction", () => {
  async function runningPod(name: string): Promise<void> {
    await server.admin.create(`${namespace}/pods`, {
      metadata: { name, labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const conditions = [{ type: "Ready", status: "True" }];
    await server.admin.patch(`${namespace}/pods/${name}/status`, { status: { phase: "Running", conditions } });
  }
  const evict = (name: string): ReturnType<typeof server.admin.create> =>
    server.admin.create(`${namespace}/pods/${name}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name },
      deleteOptions: { gracePeriodSeconds: 0 },
    });

  test("takes one of the disruptions that the budget allows; when two come at once and one is left, one waits", async () => {
    await Promise.all(["w1", "w2", "w3"].map(runningPod));
    const budgets = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets";
    await server.admin.create(budgets, {
      metadata: { name: "web" },
      spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
    });
    const early = await evict("w1");
    assert.equal(early.status, 429);
    const status = {
      observedGeneration: 1,
      disruptionsAllowed: 1,
      currentHealthy: 3,
      desiredHealthy: 2,
      expectedPods: 3,
    };
    await server.admin.patch(`${budgets}/web/status`, { status });
    const both = await Promise.all([evict("w1"), evict("w2")]);
    assert.deepEqual(both.map((answer) => answer.status).toSorted(), [201, 429]);
    const refused = both.find((answer) => answer.status === 429);
    assert.equal(refused?.message, "Cannot evict pod as it would violate the pod's disruption budget.");
    const { causes } = refused.object["details"] as { causes: readonly { reason: string; message: string }[] };
    assert.equal(causes[0]?.reason, "DisruptionBudget");
    const left = await server.admin.get(`${budgets}/web`);
    const { disruptedPods, disruptionsAllowed } = left.object["status"] as {
      disruptedPods: Readonly<Record<string, string>>;
      disruptionsAllowed: number;
    };
    assert.deepEqual([Object.keys(disruptedPods).length, disruptionsAllowed], [1, 0]);
  });

  test("of a pod that has not begun asks no budget", async () => {
    await server.admin.create(`${namespace}/pods`, {
      metadata: { name: "pending", labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    assert.equal((await evict("pending")).status, 201);
    assert.equal((await server.admin.get(`${namespace}/pods/pending`)).status, 404);
  });
});

describe("a token", () => {
  test("is given for a pod of the account, and says who its bearer is", async () => {
    await server.admin.create(`${namespace}/serviceaccounts`, { metadata: { name: "robot" } });
    await server.admin.create(`${namespace}/pods`, pod("of-robot", { serviceAccountName: "robot" }));
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: "of-robot" };
    const given = await server.admin.create(`${namespace}/serviceaccounts/robot/token`, { spec: { boundObjectRef } });
    assert.equal(given.status, 201, given.message);
    const { token } = given.object["status"] as { token: string };
    const review = await server.admin.create("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token } });
    const { user } = review.object["status"] as {
      user: { username: string; extra: Readonly<Record<string, unknown>> };
    };
    assert.equal(user.username, "system:serviceaccount:shop:robot");
    assert.deepEqual(user.extra["authentication.kubernetes.io/pod-name"], ["of-robot"]);
    const foreign = await server.admin.create(`${namespace}/serviceaccounts/default/token`, {
      spec: { boundObjectRef },
    });
    assert.match(foreign.message, /^cannot bind token for serviceaccount "default" to pod running with different/);
  });
});

test("a namespace goes when its last finalizer does", async () => {
  const made = await server.admin.create("/api/v1/namespaces", { metadata: { name: "finished" } });
  await server.admin.remove("/api/v1/namespaces/finished");
  const { object } = await server.admin.get("/api/v1/namespaces/finished");
  assert.equal((object["status"] as { phase: string }).phase, "Terminating");
  await server.admin.replace("/api/v1/namespaces/finished/finalize", { ...object, spec: {} });
  assert.equal((await server.admin.get("/api/v1/namespaces/finished")).status, 404, made.message);
});
