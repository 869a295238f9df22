import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inProcessServer, namespace, pod, type InProcessServer } from "./in-process-server.ts";

let server: InProcessServer;
before(async () => (server = await inProcessServer()));
after(() => server.close());

describe("admission", () => {
  test("makes nothing where there is no namespace, and keeps the namespaces of the system", async () => {
    const missing = await server.admin.create("/api/v1/namespaces/nowhere/configmaps", { metadata: { name: "a" } });
    assert.equal(missing.status, 404);
    assert.equal(missing.message, 'namespaces "nowhere" not found');
    await server.admin.create("/api/v1/namespaces", { metadata: { name: "kube-system" } });
    const kept = await server.admin.remove("/api/v1/namespaces/kube-system");
    assert.equal(kept.status, 403);
    assert.equal(kept.message, 'namespaces "kube-system" is forbidden: this namespace may not be deleted');
  });

  test("makes nothing more in a namespace that is about to go, and says so in a cause", async () => {
    await server.admin.create("/api/v1/namespaces", { metadata: { name: "going" } });
    await server.admin.remove("/api/v1/namespaces/going");
    const refused = await server.admin.create("/api/v1/namespaces/going/configmaps", { metadata: { name: "a" } });
    assert.equal(refused.status, 403);
    const { causes } = refused.object["details"] as { causes: readonly { reason: string; field: string }[] };
    assert.deepEqual(
      causes.map(({ reason, field }) => `${reason} ${field}`),
      ["NamespaceTerminating metadata.namespace"],
    );
  });

  test("gives a pod its account and the account's token, and refuses accounts that are not there", async () => {
    const made = await server.admin.create(`${namespace}/pods`, pod("with-token"));
    const { serviceAccountName, volumes, containers } = made.object["spec"] as {
      serviceAccountName: string;
      volumes: readonly { name: string }[];
      containers: readonly { volumeMounts: readonly { name: string; mountPath: string }[] }[];
    };
    assert.equal(serviceAccountName, "default");
    assert.match(volumes[0]?.name ?? "", /^kube-api-access-[a-z0-9]{5}$/);
    assert.deepEqual(containers[0]?.volumeMounts, [
      { name: volumes[0]?.name, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
    ]);
    const nobody = await server.admin.create(`${namespace}/pods`, pod("nobody", { serviceAccountName: "nobody" }));
    assert.equal(
      nobody.message,
      'pods "nobody" is forbidden: error looking up service account shop/nobody: serviceaccount "nobody" not found',
    );
  });

  test("leaves it to validation to say that a pod has no containers", async () => {
    const refused = await server.admin.create(`${namespace}/pods`, { metadata: { name: "empty" }, spec: {} });
    assert.equal(refused.message, 'Pod "empty" is invalid: spec.containers: Required value');
  });

  test("knows how important a pod is by its class alone", async () => {
    const unknown = await server.admin.create(`${namespace}/pods`, pod("a", { priorityClassName: "gold" }));
    assert.equal(unknown.message, 'pods "a" is forbidden: no PriorityClass with name gold was found');
    const own = await server.admin.create(`${namespace}/pods`, pod("a", { priority: 7 }));
    assert.match(own.message, /the integer value of priority \(7\) must not be provided in pod spec/);
  });

  test("fills in what containers leave out and refuses what is too much, by the limit range", async () => {
    const limits = [
      { type: "Container", default: { cpu: "500m" }, defaultRequest: { cpu: "100m" }, max: { cpu: "1" } },
    ];
    await server.admin.create("/api/v1/namespaces", { metadata: { name: "limited" } });
    const path = "/api/v1/namespaces/limited";
    await server.admin.create(`${path}/serviceaccounts`, { metadata: { name: "default" } });
    await server.admin.create(`${path}/limitranges`, { metadata: { name: "l" }, spec: { limits } });
    const made = await server.admin.create(`${path}/pods`, pod("a"));
    assert.deepEqual(
      (made.object["spec"] as { containers: readonly { resources: unknown }[] }).containers[0]?.resources,
      {
        limits: { cpu: "500m" },
        requests: { cpu: "100m" },
      },
    );
    assert.equal(
      made.object.metadata.annotations?.["kubernetes.io/limit-ranger"],
      "LimitRanger plugin set: cpu request for container c; cpu limit for container c",
    );
    const much = { containers: [{ name: "c", image: "i", resources: { limits: { cpu: "2" } } }] };
    const refused = await server.admin.create(`${path}/pods`, pod("b", much));
    assert.equal(refused.message, 'pods "b" is forbidden: maximum cpu usage per Container is 1, but limit is 2');
  });

  test("lets nobody give rights that he does not have, nor bind a role that gives them", async () => {
    const rules = [{ apiGroups: ["rbac.authorization.k8s.io"], resources: ["*"], verbs: ["create"] }];
    const roles = "/apis/rbac.authorization.k8s.io/v1";
    await server.admin.create(`${roles}/clusterroles`, { metadata: { name: "maker" }, rules });
    await server.admin.create(`${roles}/clusterrolebindings`, {
      metadata: { name: "maker" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "maker" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "bob" }],
    });
    const bob = server.as({ name: "bob", groups: ["system:authenticated"] });
    const wanted = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }];
    const role = await bob.create(`${roles}/clusterroles`, { metadata: { name: "spy" }, rules: wanted });
    assert.equal(role.status, 403);
    assert.match(role.message, /is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\]/);
    await server.admin.create(`${roles}/clusterroles`, { metadata: { name: "spy" }, rules: wanted });
    const binding = await bob.create(`${roles}/clusterrolebindings`, {
      metadata: { name: "spy" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "spy" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "bob" }],
    });
    assert.equal(binding.status, 403);
  });
});

describe("a quota", () => {
  test("lets exactly so many pass when many come at once, and counts them", async () => {
    const quota = { metadata: { name: "q" }, spec: { hard: { configmaps: "5" } } };
    await server.admin.create(`${namespace}/resourcequotas`, quota);
    const status = { hard: { configmaps: "5" }, used: { configmaps: "0" } };
    await server.admin.patch(`${namespace}/resourcequotas/q/status`, { status });
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        server.admin.create(`${namespace}/configmaps`, { metadata: { name: `c${index}` } }),
      ),
    );
    assert.equal(made.filter((answer) => answer.status === 201).length, 5);
    assert.equal(
      made.find((answer) => answer.status === 403)?.message,
      'configmaps "c5" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=5, limited: configmaps=5',
    );
    const counted = await server.admin.get(`${namespace}/resourcequotas/q`);
    assert.deepEqual((counted.object["status"] as { used: unknown }).used, { configmaps: "5" });
  });
});
