// All that is rendered, before the embedded API server: strictly read, and each pod before Pod Security.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startCluster } from "@fairway/cluster";
import { createObjects, faultsOf } from "./create-objects.ts";
import { environmentsOf, objectsOf, states } from "./state-objects.ts";

for (const [name, read] of Object.entries(states)) {
  test(`the API server takes every object of ${name} in every environment, without a warning`, async () => {
    const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
    try {
      const state = read();
      for (const environment of environmentsOf(state)) {
        const created = await createObjects(cluster.kubeconfig, objectsOf(state, environment));
        assert.deepEqual(faultsOf(created), []);
        assert.ok(created.length > 40, `only ${created.length} objects`);
      }
    } finally {
      await cluster.close();
    }
  });
}

test("a pod that may be root and a field that does not exist are complained of", async () => {
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  try {
    const objects = objectsOf(states.reference(), "dev").map((object) => {
      if (object.kind !== "Deployment" || object.metadata.name !== "orders-service") return object;
      return JSON.parse(JSON.stringify(object).replace('"runAsNonRoot":true', '"runAsNonRoot":false')) as typeof object;
    });
    const surplus = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "shop-dev" }, date: {} };
    const created = await createObjects(cluster.kubeconfig, [...objects, surplus]);
    const faults = faultsOf(created);
    assert.equal(faults.length, 3, faults.join("\n"));
    assert.match(faults[0] ?? "", /^Deployment .*warning: would violate PodSecurity "restricted:latest": runAsNonRoot/);
    assert.match(faults[1] ?? "", /^Pod .*403: .*violates PodSecurity/);
    assert.match(faults[2] ?? "", /^ConfigMap .*unknown field "date"/);
  } finally {
    await cluster.close();
  }
});
